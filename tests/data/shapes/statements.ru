#+ Statement.speaker MinCount statement:red-1
DELETE DATA { statement:red-1 ckg:speaker organization:red-army }

#+ Statement.speaker Class statement:red-1 place:south
INSERT DATA { statement:red-1 ckg:speaker place:south }

#+ Statement.said MinCount statement:officer
DELETE DATA { statement:officer ckg:said statement:officer.said }

#+ Statement.said Class statement:officer event:raid
INSERT DATA { statement:officer ckg:said event:raid }

#+ Statement.inCapacity Class statement:red-1 organization:blue-army
INSERT DATA { statement:red-1 ckg:inCapacity organization:blue-army }

#+ Statement.channel Node statement:red-1 doctype:post
INSERT DATA { statement:red-1 ckg:channel doctype:post }

#+ Statement.expresses MinCount statement:herald-1
DELETE WHERE { statement:herald-1 ckg:expresses ?stance } ; INSERT DATA { statement:ann-1 ckg:expresses statement:herald-1.confirms }

#+ Statement.expresses Class statement:red-1 claim:mill-red
INSERT DATA { statement:red-1 ckg:expresses claim:mill-red }

#+ Statement.text MinCount statement:herald-1
DELETE DATA { statement:herald-1 schema:text "Ann confirmed it."@en }

#+ Statement.textLanguage Datatype statement:herald-1 "Ann did."
INSERT DATA { statement:herald-1 schema:text "Ann did." }

#+ Statement.saidBefore Class statement:officer event:raid
INSERT DATA { statement:officer ckg:saidBefore event:raid }

#+ Statement.reported MinCount statement:officer
DELETE WHERE { report:courier-officer ?p ?o }

#+ DatesDisagree SPARQL statement:red-1 statement:herald-1.said
INSERT DATA { statement:red-1 ckg:said statement:herald-1.said }

#+ OrderFitsDates SPARQL statement:herald-1 statement:red-1
INSERT DATA { statement:herald-1 ckg:saidBefore statement:red-1 }

#+ CapacityHeld SPARQL statement:ann-1 post:spokesperson
DELETE DATA { statement:ann-1 ckg:speaker person:ann } ; INSERT DATA { statement:ann-1 ckg:speaker person:cid . person:cid a ckg:Person ; skos:prefLabel "Cid"@en ; dcterms:source <https://example.org/who> }

#+ UnnamedSource.prefLabel MinCount source:courier.officer
DELETE DATA { source:courier.officer skos:prefLabel "an officer"@en }

#+ UnnamedSource.prefLabel Datatype source:courier.officer "officer"
INSERT DATA { source:courier.officer skos:prefLabel "officer" }

#+ UnnamedSource.prefLabel UniqueLang source:courier.officer
INSERT DATA { source:courier.officer skos:prefLabel "officer"@en }

#+ Stance.onClaim MinCount statement:ann-1.holds
DELETE DATA { statement:ann-1.holds ckg:onClaim claim:mill-blue }

#+ Stance.onClaim MaxCount statement:ann-1.holds
INSERT DATA { statement:ann-1.holds ckg:onClaim claim:strength }

#+ Stance.onClaim Class statement:ann-1.holds issue:mill
DELETE DATA { statement:ann-1.holds ckg:onClaim claim:mill-blue } ; INSERT DATA { statement:ann-1.holds ckg:onClaim issue:mill }

#+ Stance.attitude MinCount statement:ann-1.holds
DELETE DATA { statement:ann-1.holds ckg:attitude attitude:asserts }

#+ Stance.attitude MaxCount statement:ann-1.holds
INSERT DATA { statement:ann-1.holds ckg:attitude attitude:predicts }

#+ Stance.attitude Node statement:ann-1.holds certainty:certain
DELETE DATA { statement:ann-1.holds ckg:attitude attitude:asserts } ; INSERT DATA { statement:ann-1.holds ckg:attitude certainty:certain }

#+ Described Or attitude:assert
DELETE DATA { statement:ann-1.holds ckg:attitude attitude:asserts } ; INSERT DATA { statement:ann-1.holds ckg:attitude attitude:assert }

#+ Stance.certainty MinCount statement:ann-1.holds
DELETE DATA { statement:ann-1.holds ckg:certainty certainty:certain }

#+ Stance.certainty MaxCount statement:ann-1.holds
INSERT DATA { statement:ann-1.holds ckg:certainty certainty:possible }

#+ Stance.certainty Node statement:ann-1.holds attitude:asserts
DELETE DATA { statement:ann-1.holds ckg:certainty certainty:certain } ; INSERT DATA { statement:ann-1.holds ckg:certainty attitude:asserts }

#+ Stance.accordingTo MinCount statement:ann-1.holds
DELETE DATA { statement:ann-1.holds ckg:accordingTo document:courier }

#+ Stance.accordingTo Or statement:ann-1.holds event:war
INSERT DATA { statement:ann-1.holds ckg:accordingTo event:war }

#+ Stance.inResponseTo Class statement:ann-1.holds claim:mill-red
INSERT DATA { statement:ann-1.holds ckg:inResponseTo claim:mill-red }

#+ Stance.hedge Datatype statement:ann-1.holds "perhaps"
INSERT DATA { statement:ann-1.holds ckg:hedge "perhaps" }

#+ ConfirmsWhat Or statement:officer.ongoing
DELETE DATA { statement:officer.ongoing ckg:inResponseTo statement:ann-1 }

#+ DeniesWhat Or statement:red-1.denies
DELETE DATA { statement:red-1.denies ckg:inResponseTo statement:ann-1 }

#+ conforms
DELETE DATA { statement:officer ckg:speaker source:courier.officer } ; INSERT DATA { statement:officer ckg:speaker unit:first-brigade }
