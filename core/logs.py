"""One line for each log record, safe to read in a terminal: control characters of a message are spelled out.

A traceback follows on lines of its own, set off by a bar.
"""

import json
import logging

from core import scenes

CONTROLS = {code: f"\\x{code:02x}" for code in (*range(32), 127)}


class NotPlayed(logging.Filter):
    """Lets nothing through that happens in a scene of the gallery: nobody signed up there, and what failed was meant to."""

    def filter(self, record):
        return scenes.playing() is None


def escaped(text):
    return text.translate(CONTROLS)


class LineFormatter(logging.Formatter):
    """`2026-01-31T12:00:00+0000 WARNING dimorph.microservices message {"fault": "slow"}`; `fields` become the JSON."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = None

    def format(self, record):
        line = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S%z')} {record.levelname} {record.name} {escaped(record.getMessage())}"
        fields = dict(getattr(record, "fields", None) or {})
        if request_id := getattr(getattr(record, "request", None), "id", ""):
            fields["request"] = request_id
        if fields:
            line += " " + json.dumps(fields, ensure_ascii=True, default=str)
        if record.exc_info:
            line += "".join(f"\n  | {escaped(text)}" for text in self.formatException(record.exc_info).splitlines())
        return line
