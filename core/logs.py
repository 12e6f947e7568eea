"""One line for each log record, safe to read in a terminal: control characters in a record never start a line of their own."""

import json
import logging


class LineFormatter(logging.Formatter):
    """`2026-01-31T12:00:00+0000 WARNING dimorph.microservices message {"fault": "slow"}`; `fields` become the JSON."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = None

    def format(self, record):
        message = record.getMessage().translate({code: f"\\x{code:02x}" for code in (*range(32), 127)})
        line = f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S%z')} {record.levelname} {record.name} {message}"
        fields = getattr(record, "fields", None)
        if fields:
            line += " " + json.dumps(fields, ensure_ascii=True, default=str)
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line
