"""The workshop: every state of every page, to look at, restyle and trust.

states.py    reads the states files that stand beside the templates
stage.py     plays one state: a real request through the real views, in a scene, in a transaction that is rolled back
looks.py     theme, direction, pseudo-locale and the like, put on what was played
facts.py     what a designer wants to know of a template
views.py     the pages of the gallery; switch.py forces a state on a real page; export.py writes it all to a folder
"""
