"""A page that is rendered once and sent to many, with slots for what differs: plain, or compressed once for everybody.

core/pages.py keeps the landing page in it.
"""

import zlib

GZIP_HEAD = bytes.fromhex("1f8b08000000000002ff")


class Packed:
    """`text` split at every `slot`, for values of exactly `length` bytes.

    A value stands in the compressed page as it is, in a stored block of its own: it is never compressed together with anything,
    so the length of the answer says nothing about it.
    """

    def __init__(self, text, slot, length):
        self.length = length
        self.parts = [part.encode() for part in text.split(slot)]
        self.pieces = list(deflated(self.parts, length))
        # Deflate's header of a stored block that is not the last one.
        self.stored = b"\x00" + length.to_bytes(2, "little") + (length ^ 0xFFFF).to_bytes(2, "little")

    def plain(self, value):
        """The page's bytes with `value`, which is bytes too, in every slot."""
        if len(value) != self.length:
            raise ValueError(f"a value of {len(value)} bytes does not fit a slot of {self.length}")
        return value.join(self.parts)

    def gzip(self, value):
        """The same, compressed."""
        plain = self.plain(value)
        tail = zlib.crc32(plain).to_bytes(4, "little") + (len(plain) & 0xFFFFFFFF).to_bytes(4, "little")
        return GZIP_HEAD + (self.stored + value).join(self.pieces) + tail


def deflated(parts, length):
    """The parts of one deflate stream, each ending at a whole byte, with room of `length` bytes between them.

    The compressor is shown a stand-in for each value, so that it counts distances right; what it makes of that is thrown away.
    No text in UTF-8 has the stand-in's byte in it, so nothing later can refer to it.
    """
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    for part in parts[:-1]:
        yield packer.compress(part) + packer.flush(zlib.Z_SYNC_FLUSH)
        packer.compress(b"\xff" * length)
        packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.compress(parts[-1]) + packer.flush(zlib.Z_FINISH)
