#+ Issue.about MinCount issue:mill
DELETE DATA { issue:mill schema:about place:mill-north }

#+ Issue.addressed MinCount issue:quiet
INSERT DATA { issue:quiet a ckg:Issue ; skos:prefLabel "Is it quiet?"@en ; schema:about place:north }

#+ Claim.addresses MinCount claim:hard
DELETE DATA { claim:hard ckg:addresses issue:mill }

#+ Claim.addresses Class claim:hard event:war
INSERT DATA { claim:hard ckg:addresses event:war }

#+ Claim.text MinCount claim:hard
DELETE WHERE { claim:hard schema:text ?text }

#+ Claim.text Datatype claim:hard "It is hard."
INSERT DATA { claim:hard schema:text "It is hard." }

#+ Claim.text UniqueLang claim:hard
INSERT DATA { claim:hard schema:text "It is hard."@en }

#+ Claim.subject MaxCount claim:mill-blue
INSERT DATA { claim:mill-blue ckg:subject place:mill-south }

#+ Claim.subject NodeKind claim:ongoing "the raid"
DELETE DATA { claim:ongoing ckg:subject event:raid } ; INSERT DATA { claim:ongoing ckg:subject "the raid" }

#+ Claim.predicate MaxCount claim:ongoing
INSERT DATA { claim:ongoing ckg:predicate predicate:occurred }

#+ Claim.predicate Node claim:ongoing eventtype:raid
DELETE DATA { claim:ongoing ckg:predicate predicate:ongoing } ; INSERT DATA { claim:ongoing ckg:predicate eventtype:raid }

#+ Claim.object MaxCount claim:mill-blue
INSERT DATA { claim:mill-blue ckg:object unit:grouping }

#+ Claim.object NodeKind claim:mill-blue "the army"
DELETE DATA { claim:mill-blue ckg:object organization:blue-army } ; INSERT DATA { claim:mill-blue ckg:object "the army" }

#+ Claim.quantity MaxCount claim:strength
INSERT DATA { claim:strength ckg:quantity claim:strength.tanks }

#+ Claim.quantity Class claim:area-small event:raid.time
DELETE DATA { claim:area-small ckg:quantity claim:area-small.quantity } ; INSERT DATA { claim:area-small ckg:quantity event:raid.time }

#+ Claim.holdsThroughout MaxCount claim:mill-blue
INSERT DATA { claim:mill-blue ckg:holdsThroughout claim:area-small.throughout }

#+ Claim.holdsThroughout Class claim:ongoing event:raid
INSERT DATA { claim:ongoing ckg:holdsThroughout event:raid }

#+ Claim.holdsSometimeIn MaxCount claim:strength
INSERT DATA { claim:strength ckg:holdsSometimeIn claim:mill-red.throughout }

#+ Claim.holdsSometimeIn Class claim:ongoing event:raid
INSERT DATA { claim:ongoing ckg:holdsSometimeIn event:raid }

#+ Claim.location Class claim:ongoing event:raid
INSERT DATA { claim:ongoing schema:location event:raid }

#+ Claim.negated MaxCount claim:mill-not-red
INSERT DATA { claim:mill-not-red ckg:negated false }

#+ Claim.negated Datatype claim:ongoing "yes"
INSERT DATA { claim:ongoing ckg:negated "yes" }

#+ Claim.textOnly MaxCount claim:hard
INSERT DATA { claim:hard ckg:textOnly false }

#+ Claim.textOnly Datatype claim:ongoing "no"
INSERT DATA { claim:ongoing ckg:textOnly "no" }

#+ Claim.taken MinCount claim:idle
INSERT DATA { claim:idle a ckg:Claim ; schema:text "Nobody says so."@en ; ckg:addresses issue:mill ; ckg:textOnly true }

#+ ClaimStructured Xone claim:ongoing
DELETE DATA { claim:ongoing ckg:subject event:raid }

#+ ClaimStructured Xone claim:ongoing
INSERT DATA { claim:ongoing ckg:textOnly true }

#+ ClaimComplete Or claim:mill-blue
DELETE DATA { claim:mill-blue ckg:object organization:blue-army }

#+ ClaimComplete Or claim:area-small
DELETE DATA { claim:area-small ckg:quantity claim:area-small.quantity }

#+ QuantityTaken Or claim:ongoing
INSERT DATA { claim:ongoing ckg:quantity claim:strength.cars }

#+ SubjectKind SPARQL claim:ongoing place:north
DELETE DATA { claim:ongoing ckg:subject event:raid } ; INSERT DATA { claim:ongoing ckg:subject place:north }

#+ SubjectKind SPARQL claim:herald-confirms person:ann
DELETE DATA { claim:herald-confirms ckg:subject statement:ann-1 } ; INSERT DATA { claim:herald-confirms ckg:subject person:ann }

#+ ObjectKind SPARQL claim:mill-blue person:ann
DELETE DATA { claim:mill-blue ckg:object organization:blue-army } ; INSERT DATA { claim:mill-blue ckg:object person:ann }

#+ ObjectKind SPARQL claim:ongoing event:war
INSERT DATA { claim:ongoing ckg:object event:war }

#+ ObjectKind SPARQL claim:herald-confirms statement:red-1
DELETE DATA { claim:herald-confirms ckg:object claim:mill-blue } ; INSERT DATA { claim:herald-confirms ckg:object statement:red-1 }

#+ FunctionalClash SPARQL claim:mill-blue claim:mill-red
DELETE WHERE { claim:mill-red ckg:holdsThroughout ?time } ; INSERT DATA { claim:mill-red ckg:holdsThroughout claim:mill-blue.throughout }

#+ FiguresClash SPARQL claim:area-small claim:area-large
DELETE DATA { claim:area-large.quantity schema:minValue 10 } ; INSERT DATA { claim:area-large.quantity schema:minValue 14.5 }

#+ conforms
DELETE WHERE { claim:mill-red ckg:holdsThroughout ?time } ; INSERT DATA { claim:mill-red ckg:holdsSometimeIn claim:mill-blue.throughout }

#+ conforms
INSERT DATA { claim:area-large.quantity ckg:approximator approximator:about } ; DELETE DATA { claim:area-large.quantity ckg:approximator approximator:atLeast ; schema:minValue 10 } ;
INSERT DATA { claim:area-large.quantity schema:value 15 }
