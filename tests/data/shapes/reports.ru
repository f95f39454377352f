#+ Report.inDocument MinCount report:courier-ann
#+ ReportTranslated Or report:courier-ann
DELETE DATA { report:courier-ann ckg:inDocument document:courier }

#+ Report.inDocument MaxCount report:courier-ann
INSERT DATA { report:courier-ann ckg:inDocument document:herald }

#+ Report.inDocument Class report:courier-officer organization:courier
DELETE DATA { report:courier-officer ckg:inDocument document:courier } ; INSERT DATA { report:courier-officer ckg:inDocument organization:courier }

#+ Report.reports MinCount report:courier-ann
#+ Statement.reported MinCount statement:ann-1
DELETE DATA { report:courier-ann ckg:reports statement:ann-1 }

#+ Report.reports MaxCount report:courier-ann
INSERT DATA { report:courier-ann ckg:reports statement:officer }

#+ Report.reports Class report:courier-officer claim:ongoing
#+ Statement.reported MinCount statement:officer
DELETE DATA { report:courier-officer ckg:reports statement:officer } ;
INSERT DATA { report:courier-officer ckg:reports claim:ongoing }

#+ Report.wording MinCount report:courier-ann
DELETE DATA { report:courier-ann ckg:wording wording:partial }

#+ Report.wording MaxCount report:courier-ann
INSERT DATA { report:courier-ann ckg:wording wording:indirect }

#+ Report.wording Node report:courier-ann attitude:asserts
DELETE DATA { report:courier-ann ckg:wording wording:partial } ; INSERT DATA { report:courier-ann ckg:wording attitude:asserts }

#+ Report.via MaxCount report:courier-ann
INSERT DATA { report:courier-ann ckg:via report:courier-ann.hop }

#+ Report.via Class report:courier-ann organization:herald
DELETE DATA { report:courier-ann ckg:via report:courier-ann.via } ; INSERT DATA { report:courier-ann ckg:via organization:herald }

#+ Report.hasSelector Class report:courier-ann report:courier-ann.position
INSERT DATA { report:courier-ann oa:hasSelector report:courier-ann.position }

#+ Report.text Datatype report:herald-red "not theirs"
INSERT DATA { report:herald-red schema:text "not theirs" }

#+ ReportAnchored Or report:courier-ann
DELETE DATA { report:courier-ann oa:hasSelector report:courier-ann.selector }

#+ ReportTranslated Or report:herald-red
DELETE DATA { report:herald-red schema:text "they do not hold it"@en }

#+ SaidBeforePublished SPARQL report:courier-ann statement:ann-1
DELETE DATA { document:courier.published ckg:edtf "2025-03-20"^^edtf:EDTF ; ckg:earliest "2025-03-20"^^xsd:date ; ckg:latest "2025-03-20"^^xsd:date } ;
INSERT DATA { document:courier.published ckg:edtf "2025-03-17"^^edtf:EDTF ; ckg:earliest "2025-03-17"^^xsd:date ; ckg:latest "2025-03-17"^^xsd:date }

#+ Quote.exact MinCount report:courier-ann.selector
DELETE DATA { report:courier-ann.selector oa:exact "we hold Mill" }

#+ Quote.exact MaxCount report:courier-ann.selector
INSERT DATA { report:courier-ann.selector oa:exact "we hold" }

#+ Quote.words Pattern report:courier-ann.selector "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty and one and two and three"
DELETE DATA { report:courier-ann.selector oa:exact "we hold Mill" } ;
INSERT DATA { report:courier-ann.selector oa:exact "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty and one and two and three" }

#+ Quote.words Pattern report:courier-ann.selector " "
DELETE DATA { report:courier-ann.selector oa:exact "we hold Mill" } ; INSERT DATA { report:courier-ann.selector oa:exact " " }

#+ Quote.prefix MaxCount report:courier-ann.selector
INSERT DATA { report:courier-ann.selector oa:prefix "Ann said: " }

#+ Quote.prefix Pattern report:courier-ann.selector ""
DELETE DATA { report:courier-ann.selector oa:prefix "said: " } ; INSERT DATA { report:courier-ann.selector oa:prefix "" }

#+ Quote.suffix MaxCount report:courier-ann.selector
INSERT DATA { report:courier-ann.selector oa:suffix ", and we have it" }

#+ Quote.suffix Pattern report:courier-ann.selector ""
DELETE DATA { report:courier-ann.selector oa:suffix ", and we" } ; INSERT DATA { report:courier-ann.selector oa:suffix "" }

#+ ReportPositioned Or report:courier-ann
DELETE DATA { report:courier-ann.selector oa:refinedBy report:courier-ann.position }

#+ Quote.refinedBy MaxCount report:courier-ann.selector
INSERT DATA { report:courier-ann.selector oa:refinedBy report:herald-red.position }

#+ Quote.refinedBy Class report:courier-ann.selector
DELETE DATA { report:courier-ann.selector oa:refinedBy report:courier-ann.position } ;
INSERT DATA { report:courier-ann.selector oa:refinedBy report:courier-ann.selector }

#+ Position.start MinCount report:courier-ann.position
DELETE DATA { report:courier-ann.position oa:start 100 }

#+ Position.start MaxCount report:courier-ann.position
INSERT DATA { report:courier-ann.position oa:start 101 }

#+ Position.start Datatype report:courier-ann.position "100.5"^^<http://www.w3.org/2001/XMLSchema#decimal>
DELETE DATA { report:courier-ann.position oa:start 100 } ; INSERT DATA { report:courier-ann.position oa:start 100.5 }

#+ Position.start MinInclusive report:courier-ann.position "-1"^^<http://www.w3.org/2001/XMLSchema#integer>
DELETE DATA { report:courier-ann.position oa:start 100 } ; INSERT DATA { report:courier-ann.position oa:start -1 }

#+ Position.end MinCount report:courier-ann.position
DELETE DATA { report:courier-ann.position oa:end 180 }

#+ Position.end MaxCount report:courier-ann.position
INSERT DATA { report:courier-ann.position oa:end 181 }

#+ Position.end Datatype report:courier-ann.position "180.5"^^<http://www.w3.org/2001/XMLSchema#decimal>
DELETE DATA { report:courier-ann.position oa:end 180 } ; INSERT DATA { report:courier-ann.position oa:end 180.5 }

#+ Position.order LessThan report:courier-ann.position "180"^^<http://www.w3.org/2001/XMLSchema#integer>
DELETE DATA { report:courier-ann.position oa:start 100 } ; INSERT DATA { report:courier-ann.position oa:start 180 }

#+ Relay.wasAttributedTo MinCount report:courier-ann.via
DELETE DATA { report:courier-ann.via prov:wasAttributedTo organization:herald }

#+ Relay.wasAttributedTo MaxCount report:courier-ann.via
INSERT DATA { report:courier-ann.via prov:wasAttributedTo organization:courier }

#+ Relay.wasAttributedTo Class report:courier-ann.via document:herald
DELETE DATA { report:courier-ann.via prov:wasAttributedTo organization:herald } ; INSERT DATA { report:courier-ann.via prov:wasAttributedTo document:herald }

#+ Relay.inDocument MaxCount report:courier-ann.hop
INSERT DATA { report:courier-ann.hop ckg:inDocument document:courier }

#+ Relay.inDocument Class report:courier-ann.via organization:herald
INSERT DATA { report:courier-ann.via ckg:inDocument organization:herald }

#+ Relay.via MaxCount report:courier-ann.via
INSERT DATA { report:courier-ann.via ckg:via report:courier-ann.other . report:courier-ann.other a ckg:Relay ; prov:wasAttributedTo organization:herald }

#+ Relay.via Class report:courier-ann.hop organization:herald
INSERT DATA { report:courier-ann.hop ckg:via organization:herald }

#+ conforms
DELETE DATA { report:courier-ann.selector oa:exact "we hold Mill" } ;
INSERT DATA { report:courier-ann.selector oa:exact "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty and one and two and" }

#+ conforms
DELETE DATA { report:herald-red oa:hasSelector report:herald-red.selector } ;
INSERT DATA { report:herald-red skos:note "The page was read in a summary only."@en }

#+ conforms
DELETE DATA { report:courier-ann.selector oa:refinedBy report:courier-ann.position } ;
DELETE WHERE { document:courier schema:sha256 ?hash }
