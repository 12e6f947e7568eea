"""Static files as production serves them: hashed, compressed, and our own script without the comments that explain it.

core/settings.py names Storage.
"""

import re

from django.core.files.base import ContentFile
from servestatic.storage import CompressedManifestStaticFilesStorage

OUR_SCRIPT = re.compile(r"js/app(\.[0-9a-f]+)?\.js")


class Storage(CompressedManifestStaticFilesStorage):
    def _save(self, name, content):
        if OUR_SCRIPT.fullmatch(name.replace("\\", "/")):
            content.seek(0)
            content = ContentFile(without_comments(content.read().decode()).encode())
        return super()._save(name, content)


def without_comments(script):
    """The script without lines that are only a comment, blank lines and indentation. Lines keep their order and their ends.

    Right for a script whose strings end on the line they begin on; core/tests/test_static_files.py holds ours to that.
    """
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"
