#+ Finding.type MinCount finding:courier.spelling
DELETE DATA { finding:courier.spelling dcterms:type findingtype:spelling }

#+ Finding.type Or finding:courier.spelling doctype:post
INSERT DATA { finding:courier.spelling dcterms:type doctype:post }

#+ Finding.about MinCount finding:courier.spelling
DELETE DATA { finding:courier.spelling schema:about place:mill-north }

#+ Finding.about NodeKind finding:courier.spelling "Mlin"
INSERT DATA { finding:courier.spelling schema:about "Mlin" }

#+ Finding.text MinCount finding:courier.spelling
DELETE WHERE { finding:courier.spelling schema:text ?text }

#+ Finding.text Datatype finding:courier.spelling "Mlin"
INSERT DATA { finding:courier.spelling schema:text "Mlin" }

#+ Contradiction.about MinCount finding:clash
DELETE DATA { finding:clash schema:about claim:mill-red }

#+ Change.before MinCount finding:turn
DELETE DATA { finding:turn ckg:before statement:red-1.denies }

#+ Change.before MaxCount finding:turn
INSERT DATA { finding:turn ckg:before statement:ann-1.holds }

#+ Change.before Class finding:turn statement:red-1
DELETE DATA { finding:turn ckg:before statement:red-1.denies } ; INSERT DATA { finding:turn ckg:before statement:red-1 }

#+ Change.after MinCount finding:turn
DELETE DATA { finding:turn ckg:after statement:red-1.held }

#+ Change.after MaxCount finding:turn
INSERT DATA { finding:turn ckg:after statement:ann-1.holds }

#+ Change.after Class finding:turn statement:red-1
DELETE DATA { finding:turn ckg:after statement:red-1.held } ; INSERT DATA { finding:turn ckg:after statement:red-1 }
