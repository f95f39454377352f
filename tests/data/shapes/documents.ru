#+ Document.title MinCount document:courier
DELETE DATA { document:courier dcterms:title "Raid"@en }

#+ Document.title Datatype document:courier "Raid!"
INSERT DATA { document:courier dcterms:title "Raid!" }

#+ Document.publisher MinCount document:courier
DELETE DATA { document:courier dcterms:publisher organization:courier }

#+ Document.publisher Class document:courier place:north
INSERT DATA { document:courier dcterms:publisher place:north }

#+ Document.language MinCount document:courier
#+ ReportTranslated Or report:courier-ann
DELETE DATA { document:courier dcterms:language "en" }

#+ Document.language Pattern document:courier "English"
INSERT DATA { document:courier dcterms:language "English" }

#+ Document.url NodeKind document:courier "https://example.org/courier"
INSERT DATA { document:courier schema:url "https://example.org/courier" }

#+ Document.url Pattern document:courier file:///tmp/courier
INSERT DATA { document:courier schema:url <file:///tmp/courier> }

#+ Document.published MinCount document:courier
DELETE DATA { document:courier ckg:published document:courier.published }

#+ Document.published MaxCount document:courier
INSERT DATA { document:courier ckg:published document:herald.published }

#+ Document.published Class document:courier event:war
DELETE DATA { document:courier ckg:published document:courier.published } ;
INSERT DATA { document:courier ckg:published event:war }

#+ Document.sha256 MaxCount document:courier
INSERT DATA { document:courier schema:sha256 "1111111111111111111111111111111111111111111111111111111111111111" }

#+ Document.sha256 Pattern document:courier "70576771"
DELETE { document:courier schema:sha256 ?hash } INSERT { document:courier schema:sha256 "70576771" } WHERE { document:courier schema:sha256 ?hash }

#+ Document.type Node document:courier eventtype:raid
INSERT DATA { document:courier dcterms:type eventtype:raid }

#+ Document.extent MinCount document:courier
DELETE DATA { document:courier dcterms:extent extent:full }

#+ Document.extent MaxCount document:courier
INSERT DATA { document:courier dcterms:extent extent:part }

#+ Document.extent Node document:courier doctype:post
DELETE DATA { document:courier dcterms:extent extent:full } ; INSERT DATA { document:courier dcterms:extent doctype:post }

#+ DocumentAddress Or document:courier
DELETE DATA { document:courier schema:url <https://example.org/courier> }

#+ DocumentHash Or document:courier
DELETE { document:courier schema:sha256 ?hash } WHERE { document:courier schema:sha256 ?hash }
