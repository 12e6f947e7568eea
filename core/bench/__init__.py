"""The benchmark behind `manage.py bench`: every figure beside a baseline that is measured in the same run.

machine.py says how noisy the machine is, load.py asks, serving.py starts what is asked, baselines.py and services.py are what the
site is compared with, rows.py measures, report.py compares and words it. Nothing of it is used by a running site.
"""
