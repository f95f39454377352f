#+ GraphLicence Or docgraph:courier
DELETE DATA { docgraph:courier dcterms:license <https://example.org/licence> }

#+ GraphMaker Or docgraph:courier
DELETE DATA { docgraph:courier prov:wasAttributedTo organization:curators }

#+ GraphRun Or docgraph:courier
DELETE DATA { docgraph:courier prov:wasGeneratedBy run:test }
