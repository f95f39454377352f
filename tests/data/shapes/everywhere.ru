#+ Described Or place:nowhere
INSERT DATA { finding:courier.spelling schema:about place:nowhere }

#+ Described Or person:anne
DELETE DATA { statement:ann-1 ckg:speaker person:ann } ; INSERT DATA { statement:ann-1 ckg:speaker person:anne }

#+ ClaimedContent SPARQL place:mill-north organization:blue-army
INSERT DATA { place:mill-north predicate:controlledBy organization:blue-army }

#+ Acyclic SPARQL place:land
#+ Acyclic SPARQL place:north
INSERT DATA { place:land schema:containedInPlace place:north }

#+ Acyclic SPARQL event:raid
#+ Acyclic SPARQL event:war
INSERT DATA { event:war schema:superEvent event:raid }

#+ Acyclic SPARQL report:courier-ann.hop
#+ Acyclic SPARQL report:courier-ann.via
INSERT DATA { report:courier-ann.hop ckg:via report:courier-ann.via }

#+ Acyclic SPARQL statement:ann-1
#+ Acyclic SPARQL statement:red-1
INSERT DATA { statement:red-1 ckg:saidBefore statement:ann-1 }

#+ Acyclic SPARQL unit:first-brigade
#+ Acyclic SPARQL unit:grouping
INSERT DATA { membership:grouping-in-brigade a org:Membership ; org:member unit:grouping ; org:organization unit:first-brigade ; org:memberDuring membership:brigade-in-grouping.during }

#+ Label.prefLabel MinCount issue:mill
#+ Label.english QualifiedMinCount issue:mill
DELETE DATA { issue:mill skos:prefLabel "Who holds Mill?"@en }

#+ Label.prefLabel Datatype person:ann "Anna"
INSERT DATA { person:ann skos:prefLabel "Anna" }

#+ Label.oneEachLanguage UniqueLang person:ann
INSERT DATA { person:ann skos:prefLabel "Anna"@en }

#+ Label.english QualifiedMinCount person:ann
DELETE DATA { person:ann skos:prefLabel "Ann"@en } ; INSERT DATA { person:ann skos:prefLabel "Анна"@uk }

#+ Label.altLabel Datatype person:ann "Anna"
INSERT DATA { person:ann skos:altLabel "Anna" }

#+ Label.hiddenLabel Datatype person:ann "Anna"
INSERT DATA { person:ann skos:hiddenLabel "Anna" }

#+ Label.notRepeated Disjoint person:ann "Ann"@en
INSERT DATA { person:ann skos:altLabel "Ann"@en }

#+ Label.notRepeated Disjoint person:ann "Ann"@en
INSERT DATA { person:ann skos:hiddenLabel "Ann"@en }

#+ SameAs NodeKind place:north "Q42"
INSERT DATA { place:north schema:sameAs "Q42" }

#+ Entity.source MinCount place:north
DELETE DATA { place:north dcterms:source <https://example.org/gazetteer> }

#+ Entity.source NodeKind person:ann "a book"
INSERT DATA { person:ann dcterms:source "a book" }
