"""The two outside services, as the pages meet them: promos.fetch(), recommendations.fetch() and recommendations.tell()."""
