#+ Quantity.value MaxCount claim:strength.tanks
INSERT DATA { claim:strength.tanks schema:value 6 } ; DELETE DATA { claim:strength.quantity ckg:partsComplete true }

#+ Quantity.value Or claim:strength.tanks "five"
DELETE DATA { claim:strength.tanks schema:value 5 . claim:strength.quantity ckg:partsComplete true } ; INSERT DATA { claim:strength.tanks schema:value "five" }

#+ Quantity.minValue MaxCount claim:area-large.quantity
INSERT DATA { claim:area-large.quantity schema:minValue 9 }

#+ Quantity.minValue Or claim:area-large.quantity "ten"
DELETE DATA { claim:area-large.quantity schema:minValue 10 } ; INSERT DATA { claim:area-large.quantity schema:minValue "ten" }

#+ Quantity.maxValue MaxCount claim:area-small.quantity
INSERT DATA { claim:area-small.quantity schema:maxValue 14 }

#+ Quantity.maxValue Or claim:area-small.quantity "thirteen"@en
DELETE DATA { claim:area-small.quantity schema:maxValue 13 } ; INSERT DATA { claim:area-small.quantity schema:maxValue "thirteen"@en }

#+ Quantity.unitText MinCount claim:strength.cars
DELETE DATA { claim:strength.cars schema:unitText "1" }

#+ Quantity.unitText MaxCount claim:strength.cars
INSERT DATA { claim:strength.cars schema:unitText "car" }

#+ Quantity.unitText Datatype claim:strength.cars "1"^^<http://www.w3.org/2001/XMLSchema#integer>
DELETE DATA { claim:strength.cars schema:unitText "1" } ; INSERT DATA { claim:strength.cars schema:unitText 1 }

#+ Quantity.counts MinCount claim:strength.cars
DELETE DATA { claim:strength.cars ckg:counts thing:car }

#+ Quantity.counts MaxCount claim:strength.cars
INSERT DATA { claim:strength.cars ckg:counts thing:tank }

#+ Quantity.counts Class claim:strength.cars organization:red-army
DELETE DATA { claim:strength.cars ckg:counts thing:car } ; INSERT DATA { claim:strength.cars ckg:counts organization:red-army }

#+ Quantity.approximator MaxCount claim:strength.cars
INSERT DATA { claim:strength.cars ckg:approximator approximator:about , approximator:almost }

#+ Quantity.approximator Node claim:strength.cars certainty:probable
INSERT DATA { claim:strength.cars ckg:approximator certainty:probable }

#+ Quantity.quantity Class claim:strength.cars thing:car
INSERT DATA { claim:strength.cars ckg:quantity thing:car }

#+ Quantity.partsComplete MaxCount claim:strength.quantity
INSERT DATA { claim:strength.quantity ckg:partsComplete false }

#+ Quantity.partsComplete Datatype claim:strength.cars "yes"
INSERT DATA { claim:strength.cars ckg:partsComplete "yes" }

#+ Quantity.lower LessThanOrEquals claim:strength.quantity "9"^^<http://www.w3.org/2001/XMLSchema#integer>
DELETE DATA { claim:strength.quantity schema:minValue 7 } ; INSERT DATA { claim:strength.quantity schema:minValue 9 }

#+ Quantity.upper LessThanOrEquals claim:strength.quantity "8"^^<http://www.w3.org/2001/XMLSchema#integer>
DELETE DATA { claim:strength.quantity schema:maxValue 9.5 } ; INSERT DATA { claim:strength.quantity schema:maxValue 7.5 }

#+ Quantity.bounds LessThanOrEquals claim:area-large.quantity "10"^^<http://www.w3.org/2001/XMLSchema#integer>
INSERT DATA { claim:area-large.quantity schema:maxValue 9.5 }

#+ QuantityGiven Or claim:area-small.quantity
DELETE DATA { claim:area-small.quantity schema:maxValue 13 ; ckg:approximator approximator:upTo }

#+ UpperBound Or claim:area-small.quantity
DELETE DATA { claim:area-small.quantity schema:maxValue 13 } ; INSERT DATA { claim:area-small.quantity schema:value 13 }

#+ LowerBound Or claim:area-large.quantity
DELETE DATA { claim:area-large.quantity schema:minValue 10 } ; INSERT DATA { claim:area-large.quantity schema:value 10 }

#+ PartsAddUp SPARQL claim:strength.quantity
DELETE DATA { claim:strength.cars schema:value 3 } ; INSERT DATA { claim:strength.cars schema:value 2 }

#+ ImpreciseTime.edtf MinCount event:raid.time
DELETE DATA { event:raid.time ckg:edtf "2025-03-18"^^edtf:EDTF }

#+ ImpreciseTime.edtf MaxCount event:raid.time
INSERT DATA { event:raid.time ckg:edtf "2025-03"^^edtf:EDTF }

#+ ImpreciseTime.edtf Datatype event:raid.time "2025-03-18"
DELETE DATA { event:raid.time ckg:edtf "2025-03-18"^^edtf:EDTF } ; INSERT DATA { event:raid.time ckg:edtf "2025-03-18" }

#+ ImpreciseTime.earliest MaxCount event:raid.time
INSERT DATA { event:raid.time ckg:earliest "2025-03-01"^^xsd:date }

#+ ImpreciseTime.earliest Datatype event:raid.time "March"
#+ ImpreciseTime.order LessThanOrEquals event:raid.time "March"
DELETE DATA { event:raid.time ckg:earliest "2025-03-18"^^xsd:date } ; INSERT DATA { event:raid.time ckg:earliest "March" }

#+ ImpreciseTime.latest MaxCount event:raid.time
INSERT DATA { event:raid.time ckg:latest "2025-03-31"^^xsd:date }

#+ ImpreciseTime.latest Datatype event:raid.time "March"
#+ ImpreciseTime.order LessThanOrEquals event:raid.time "2025-03-18"^^<http://www.w3.org/2001/XMLSchema#date>
DELETE DATA { event:raid.time ckg:latest "2025-03-18"^^xsd:date } ; INSERT DATA { event:raid.time ckg:latest "March" }

#+ ImpreciseTime.order LessThanOrEquals event:raid.time "2025-03-19"^^<http://www.w3.org/2001/XMLSchema#date>
DELETE DATA { event:raid.time ckg:earliest "2025-03-18"^^xsd:date } ; INSERT DATA { event:raid.time ckg:earliest "2025-03-19"^^xsd:date }

#+ TimeKnown Or event:raid.time
DELETE DATA { event:raid.time ckg:earliest "2025-03-18"^^xsd:date ; ckg:latest "2025-03-18"^^xsd:date }
