"""Takes files out of a wheel without installing it; progress in bytes on standard output, one number a line.

usage: python extract.py WHEEL FOLDER MEMBER...

A file appears under its name only when it is whole: it is written to NAME.part first.
"""

import os
import sys
import zipfile

CHUNK = 8 << 20


def extract(wheel, folder, members):
    os.makedirs(folder, exist_ok=True)
    done = 0
    with zipfile.ZipFile(wheel) as archive:
        for member in members:
            target = os.path.join(folder, os.path.basename(member))
            with archive.open(member) as source, open(target + ".part", "wb") as sink:
                while chunk := source.read(CHUNK):
                    sink.write(chunk)
                    done += len(chunk)
                    print(done, flush=True)
                sink.flush()
                os.fsync(sink.fileno())
        for member in members:
            target = os.path.join(folder, os.path.basename(member))
            os.replace(target + ".part", target)


if __name__ == "__main__":
    try:
        extract(sys.argv[1], sys.argv[2], sys.argv[3:])
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        for member in sys.argv[3:]:
            part = os.path.join(sys.argv[2], os.path.basename(member) + ".part")
            if os.path.exists(part):
                os.remove(part)
        sys.exit(f"{type(error).__name__}: {error}")
