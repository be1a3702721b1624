#!/usr/bin/env python3
"""Check a dossier of Clientdesk without Clientdesk: python verify.py dossier.zip [--head SEQ,HASH]

One file, standard library only, Python 3.9 or later. It checks that
- every entry of the record has the hash that its text gives, and names the entry before it;
- the entries are numbered without a gap, belong to one workspace, and end at the stated head;
- what an entry of this client says has the digest that the entry seals, or was lawfully erased;
- every file has the SHA-256 that the manifest states, and no file is missing or besides.

It names the first thing that does not hold. What it cannot see by itself: a tail cut off together
with the head that the manifest states. So compare the head with one that you got at another time,
from a report, an invoice or a mail, with --head.

Exit code 0: everything holds. 1: something does not. 2: this is no dossier.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from typing import Any

GENESIS = "0" * 64
MANIFEST, CHAIN = "manifest.json", "record/chain.jsonl"
ERASED, MOVED = "content.erased", "workspace.moved"
FORMAT = 1
SELF = "verify.py"


class Broken(Exception):
    """The first thing that does not hold."""


class NoDossier(Exception):
    """The file cannot be read as a dossier."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read_json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Broken(f"{where}: not readable: {error}") from error


def checked_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError) as error:
        raise NoDossier(f"no readable {MANIFEST}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise NoDossier("format {}; expected {}".format(manifest.get("format"), FORMAT))
    return manifest


def check_files(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> int:
    """Every file as the manifest states it, and no other; how many there are."""
    stated = {one["path"]: one for one in manifest["files"]}
    there = archive.namelist()
    if len(there) != len(set(there)):
        raise Broken(f"a file is there twice: {sorted(there)}")
    for path in there:
        if path not in stated and path not in (MANIFEST, SELF):
            raise Broken(f"{path}: not in the manifest")
    for path in sorted(stated):
        if path not in there:
            raise Broken(f"{path}: missing")
        try:
            found = sha256(archive.read(path))
        except (zipfile.BadZipFile, ValueError, EOFError, OSError) as error:
            raise Broken(f"{path}: not readable: {error}") from error
        if found != stated[path]["sha256"]:
            raise Broken(f"{path}: its SHA-256 is not the one stated")
    return len(stated)


def check_entry(number: int, line: str, prev: str, chain_id: str) -> tuple[Any, Any, str]:
    """One link: its hash, its number, its workspace, the entry before. Answers hash, envelope."""
    where = f"entry {number}"
    row = read_json(line, where)
    try:
        envelope_text, stated = row["envelope"], row["hash"]
    except (KeyError, TypeError) as error:
        raise Broken(f"{where}: lacks its envelope or its hash") from error
    if sha256(b"\x00" + envelope_text.encode()) != stated:
        raise Broken(f"{where}: its text does not have the hash stated")
    envelope = read_json(envelope_text, where)
    if envelope.get("seq") != number:
        raise Broken("{}: says it is entry {}".format(where, envelope.get("seq")))
    if envelope.get("workspace") != chain_id:
        raise Broken(f"{where}: belongs to another workspace")
    if envelope.get("prev") != prev:
        raise Broken(f"{where}: does not follow the entry before it")
    return row, envelope, stated


def check_content(number: int, row: Any, envelope: Any) -> Any:
    """What the entry says, where it is there, as it was sealed."""
    where = f"entry {number}"
    salt, content = row.get("salt"), row.get("content")
    if salt is None and content is None:
        return None
    try:
        found = sha256(bytes.fromhex(salt) + content.encode())
    except (TypeError, ValueError, AttributeError) as error:
        raise Broken(f"{where}: its content or salt is not readable") from error
    if found != envelope.get("digest"):
        raise Broken(f"{where}: what it says is not what was sealed")
    return read_json(content, where)


def check_clients(named: dict[int, Any], moves: list[Any], client: int) -> None:
    """All that is told is about one client, whose number changed whenever the workspace moved."""
    for number, told in named.items():
        for move in moves:
            if number <= move["upto"] and told is not None:
                told += move["shifts"].get("client", 0)
        if told != client:
            raise Broken(f"entry {number}: speaks of another client")


def check_chain(
    archive: zipfile.ZipFile, manifest: dict[str, Any], head: tuple[int, str] | None
) -> tuple[int, int, int]:
    """The whole chain; how many entries, how many with content, how many erased."""
    chain_id, client = manifest["workspace"], manifest["client"]
    ours = set(manifest["entries"])
    prev, number, present, erased, seen = GENESIS, 0, set(), set(), {}
    named, moves = {}, []
    with archive.open(CHAIN) as lines:
        for line in lines:
            number += 1
            row, envelope, prev = check_entry(number, line.decode(), prev, chain_id)
            said = check_content(number, row, envelope)
            if said is not None:
                present.add(number)
                if envelope["kind"] == ERASED:
                    erased.add(said.get("seq"))
                elif envelope["kind"] == MOVED:
                    moves.append(said)
                else:
                    named[number] = said.get("client")
            if head and number == head[0]:
                seen["head"] = prev
    check_clients(named, moves, client)
    for missing in sorted(ours - present - erased):
        raise Broken(f"entry {missing}: what it says is missing, and nothing says it was erased")
    if [number, prev] != list(manifest["head"]):
        raise Broken(f"the record ends at entry {number}, not at the head stated")
    if head and seen.get("head") != head[1]:
        raise Broken(f"entry {head[0]} does not have the hash that you gave")
    return number, len(present), len(ours & erased - present)


def verify(path: str, head: tuple[int, str] | None = None) -> dict[str, Any]:
    """What was counted, by name. Raises Broken, NoDossier."""
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise NoDossier(str(error)) from error
    with archive:
        manifest = checked_manifest(archive)
        try:
            if CHAIN not in archive.namelist():
                raise Broken(f"{CHAIN}: missing")
            entries, told, erased = check_chain(archive, manifest, head)
            files = check_files(archive, manifest)
        except (KeyError, TypeError) as error:
            raise Broken(f"the manifest lacks {error}") from error
        except (zipfile.BadZipFile, EOFError, UnicodeDecodeError, OSError) as error:
            raise Broken(f"the archive is damaged: {error}") from error
        except Exception as error:
            # zlib.error has no other common ancestor; Broken goes on as it is.
            if isinstance(error, Broken):
                raise
            raise Broken(f"the archive is damaged: {error}") from error
    return {
        "entries": entries,
        "with_content": told,
        "erased": erased,
        "files": files,
        "head": manifest["head"],
        "made_at": manifest["made_at"],
    }


def head_of(text: str) -> tuple[int, str]:
    number, _, given = text.partition(",")
    if not number.isdecimal() or len(given) != 64:
        raise argparse.ArgumentTypeError("expected NUMBER,HASH with 64 digits, e.g. 412,9f3c…")
    return int(number), given.lower()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check a dossier of Clientdesk.")
    parser.add_argument("dossier", help="the ZIP file")
    parser.add_argument("--head", type=head_of, help="NUMBER,HASH as you got it at another time")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args(arguments)
    try:
        result = {"ok": True, **verify(chosen.dossier, chosen.head)}
        code = 0
    except Broken as problem:
        result, code = {"ok": False, "problem": str(problem)}, 1
    except NoDossier as problem:
        result, code = {"ok": False, "problem": f"no dossier: {problem}"}, 2
    if chosen.json:
        print(json.dumps(result, sort_keys=True))
    elif result["ok"]:
        print(
            "Everything holds: {entries} entries in one chain, {with_content} of them shown, "
            "{erased} erased, {files} files.".format(**result)
        )
        print("Head: entry {}, {}".format(*result["head"]))
        if not chosen.head:
            print("Compare this head with one that you got at another time (--head).")
    else:
        print(result["problem"])
    return code


if __name__ == "__main__":
    sys.exit(main())
