#+ Concept.definition MinCount thing:balloon
INSERT DATA { thing:balloon a skos:Concept ; skos:prefLabel "balloons"@en ; skos:inScheme scheme:thing }

#+ Concept.definition Datatype thing:balloon "Balloons."
INSERT DATA { thing:balloon a skos:Concept ; skos:prefLabel "balloons"@en ; skos:definition "Balloons." ; skos:inScheme scheme:thing }

#+ Concept.definition UniqueLang thing:balloon
INSERT DATA { thing:balloon a skos:Concept ; skos:prefLabel "balloons"@en ; skos:definition "Balloons."@en , "Aerostats."@en ; skos:inScheme scheme:thing }

#+ Concept.inScheme MinCount thing:balloon
INSERT DATA { thing:balloon a skos:Concept ; skos:prefLabel "balloons"@en ; skos:definition "Balloons."@en }

#+ Concept.inScheme MaxCount thing:balloon
INSERT DATA { thing:balloon a skos:Concept ; skos:prefLabel "balloons"@en ; skos:definition "Balloons."@en ; skos:inScheme scheme:thing , scheme:channel }

#+ Concept.inScheme Class thing:balloon scheme:things
INSERT DATA { thing:balloon a skos:Concept ; skos:prefLabel "balloons"@en ; skos:definition "Balloons."@en ; skos:inScheme scheme:things }

#+ Acyclic SPARQL thing:balloon
INSERT DATA { thing:balloon a skos:Concept ; skos:prefLabel "balloons"@en ; skos:definition "Balloons."@en ; skos:inScheme scheme:thing ; skos:broader thing:balloon }

#+ ConceptScheme.label MinCount scheme:colour
INSERT DATA { scheme:colour a skos:ConceptScheme . scheme:red a skos:Concept ; skos:prefLabel "red"@en ; skos:definition "Red."@en ; skos:inScheme scheme:colour }

#+ ConceptScheme.label Datatype scheme:colour "Colours"
INSERT DATA { scheme:colour a skos:ConceptScheme ; rdfs:label "Colours" . scheme:red a skos:Concept ; skos:prefLabel "red"@en ; skos:definition "Red."@en ; skos:inScheme scheme:colour }

#+ ConceptScheme.concepts MinCount scheme:colour
INSERT DATA { scheme:colour a skos:ConceptScheme ; rdfs:label "Colours"@en }

#+ PredicateKinds.domainIncludes MinCount predicate:fears
INSERT DATA { predicate:fears a skos:Concept ; skos:prefLabel "fears"@en ; skos:definition "The party fears the event."@en ; skos:inScheme scheme:predicate ; schema:rangeIncludes ckg:Event }
