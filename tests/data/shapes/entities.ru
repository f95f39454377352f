#+ Organization.type MinCount unit:grouping
DELETE DATA { unit:grouping dcterms:type orgtype:grouping }

#+ Organization.type Node organization:herald placetype:city
INSERT DATA { organization:herald dcterms:type placetype:city }

#+ Post.postIn MinCount post:spokesperson
DELETE DATA { post:spokesperson org:postIn organization:blue-army }

#+ Post.postIn Class post:spokesperson place:north
INSERT DATA { post:spokesperson org:postIn place:north }

#+ Membership.member MinCount membership:bob-spokesperson
DELETE DATA { membership:bob-spokesperson org:member person:bob }

#+ Membership.member MaxCount membership:brigade-in-grouping
INSERT DATA { membership:brigade-in-grouping org:member organization:herald }

#+ Membership.member Or membership:bob-spokesperson place:north
DELETE DATA { membership:bob-spokesperson org:member person:bob } ; INSERT DATA { membership:bob-spokesperson org:member place:north }

#+ Membership.post MaxCount membership:bob-spokesperson
INSERT DATA { membership:bob-spokesperson org:post post:chief . post:chief a org:Post ; org:postIn organization:blue-army ; skos:prefLabel "chief"@en }

#+ Membership.post Class membership:bob-spokesperson organization:blue-army
DELETE DATA { membership:bob-spokesperson org:post post:spokesperson } ; INSERT DATA { membership:bob-spokesperson org:post organization:blue-army }

#+ Membership.organization MaxCount membership:bob-spokesperson
INSERT DATA { membership:bob-spokesperson org:organization organization:blue-army , organization:red-army }

#+ Membership.organization Class membership:bob-spokesperson place:north
INSERT DATA { membership:bob-spokesperson org:organization place:north }

#+ Membership.memberDuring MaxCount membership:brigade-in-army
INSERT DATA { membership:brigade-in-army org:memberDuring event:raid.time } ; DELETE WHERE { membership:brigade-in-grouping ?p ?o }

#+ Membership.memberDuring Class membership:brigade-in-army event:raid
INSERT DATA { membership:brigade-in-army org:memberDuring event:raid } ; DELETE DATA { membership:brigade-in-army org:memberDuring membership:brigade-in-army.during } ; DELETE WHERE { membership:brigade-in-grouping ?p ?o }

#+ Membership.dated MinCount membership:bob-spokesperson
DELETE DATA { membership:bob-spokesperson org:memberDuring membership:bob-spokesperson.during }

#+ MembershipOf Or membership:brigade-in-army
DELETE DATA { membership:brigade-in-army org:organization organization:blue-army }

#+ PostHeldTwice SPARQL membership:ann-spokesperson membership:ann-still
INSERT DATA { membership:ann-still a org:Membership ; org:member person:ann ; org:post post:spokesperson ; org:memberDuring membership:brigade-in-army.during }

#+ PostHeldTwice SPARQL membership:ann-again membership:ann-spokesperson
#+ PostHeldByTwo SPARQL membership:ann-again membership:bob-spokesperson
DELETE DATA { membership:ann-again.during ckg:earliest "2026-01-01"^^xsd:date ; ckg:edtf "2026-01/.."^^edtf:EDTF } ; INSERT DATA { membership:ann-again.during ckg:edtf "XXXX"^^edtf:EDTF }

#+ PostHeldByTwo SPARQL membership:ann-spokesperson membership:bob-spokesperson
DELETE DATA { membership:bob-spokesperson.during ckg:earliest "2025-07-01"^^xsd:date ; ckg:edtf "2025-07-01/2025-12-31"^^edtf:EDTF } ;
INSERT DATA { membership:bob-spokesperson.during ckg:earliest "2025-06-01"^^xsd:date ; ckg:edtf "2025-06-01/2025-12-31"^^edtf:EDTF }

#+ UnitInTwo SPARQL membership:brigade-in-army membership:brigade-in-grouping
DELETE DATA { membership:brigade-in-army.during ckg:earliest "2025-04-01"^^xsd:date ; ckg:edtf "2025-04"^^edtf:EDTF } ;
INSERT DATA { membership:brigade-in-army.during ckg:earliest "2025-03-15"^^xsd:date ; ckg:edtf "2025-03-15/2025-04-30"^^edtf:EDTF }

#+ Place.type MinCount place:north
DELETE DATA { place:north dcterms:type placetype:oblast }

#+ Place.type MaxCount place:north
INSERT DATA { place:north dcterms:type placetype:district }

#+ Place.type Node place:north orgtype:state
DELETE DATA { place:north dcterms:type placetype:oblast } ; INSERT DATA { place:north dcterms:type orgtype:state }

#+ Place.containedInPlace Class place:north organization:herald
INSERT DATA { place:north schema:containedInPlace organization:herald }

#+ Place.hasGeometry Class place:north place:south
INSERT DATA { place:north geo:hasGeometry place:south }

#+ PlaceParent Or place:mill-south
DELETE DATA { place:mill-south schema:containedInPlace place:south }

#+ PlaceTwice SPARQL place:mill-north place:mill-south
DELETE DATA { place:mill-south schema:containedInPlace place:south } ; INSERT DATA { place:mill-south schema:containedInPlace place:north }

#+ Geometry.asWKT MinCount place:mill-north.geometry
DELETE DATA { place:mill-north.geometry geo:asWKT "POINT(35.2 50.9)"^^geo:wktLiteral }

#+ Geometry.asWKT MaxCount place:mill-north.geometry
INSERT DATA { place:mill-north.geometry geo:asWKT "POINT(35.3 50.9)"^^geo:wktLiteral }

#+ Geometry.asWKT Datatype place:mill-north.geometry "POINT(35.2 50.9)"
DELETE DATA { place:mill-north.geometry geo:asWKT "POINT(35.2 50.9)"^^geo:wktLiteral } ; INSERT DATA { place:mill-north.geometry geo:asWKT "POINT(35.2 50.9)" }

#+ Geometry.asWKT Pattern place:mill-north.geometry "50.9 N, 35.2 E"^^<http://www.opengis.net/ont/geosparql#wktLiteral>
DELETE DATA { place:mill-north.geometry geo:asWKT "POINT(35.2 50.9)"^^geo:wktLiteral } ; INSERT DATA { place:mill-north.geometry geo:asWKT "50.9 N, 35.2 E"^^geo:wktLiteral }

#+ Geometry.source MinCount place:mill-north.geometry
DELETE DATA { place:mill-north.geometry dcterms:source <https://example.org/gazetteer> }

#+ Geometry.source NodeKind place:mill-north.geometry "a map"
INSERT DATA { place:mill-north.geometry dcterms:source "a map" }

#+ Event.type Node event:raid doctype:post
INSERT DATA { event:raid dcterms:type doctype:post }

#+ Event.typed MinCount event:raid
DELETE DATA { event:raid dcterms:type eventtype:raid }

#+ Event.superEvent Class event:raid place:north
INSERT DATA { event:raid schema:superEvent place:north }

#+ Event.hasPlace Class event:raid event:war
INSERT DATA { event:raid sem:hasPlace event:war }

#+ Event.hasActor Class event:raid place:north
INSERT DATA { event:raid sem:hasActor place:north }

#+ Event.hasTime MaxCount event:raid
INSERT DATA { event:raid sem:hasTime claim:strength.sometime }

#+ Event.hasTime Class event:war event:raid
INSERT DATA { event:war sem:hasTime event:raid }

#+ conforms
DELETE DATA { membership:bob-spokesperson.during ckg:earliest "2025-07-01"^^xsd:date ; ckg:edtf "2025-07-01/2025-12-31"^^edtf:EDTF . membership:ann-spokesperson.during ckg:edtf "2024-01-01/2025-06-30"^^edtf:EDTF } ;
INSERT DATA { membership:bob-spokesperson.during ckg:earliest "2025-06-01"^^xsd:date ; ckg:edtf "2025-06/2025-12"^^edtf:EDTF . membership:ann-spokesperson.during ckg:edtf "2024-01/2025-06"^^edtf:EDTF }
