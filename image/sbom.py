"""Writes the image's bill of materials as SPDX 2.3 JSON: Debian's packages, what was built or downloaded beside them and what
these bundle, and the supervisor with its own.

Usage: sbom.py VERSION, inside the image. SOURCE_DATE_EPOCH is its date, if set.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

SHARE = Path("/usr/local/share/ws")
SUPERVISOR = Path("/opt/ws/supervisor-sbom.spdx.json")
NODE = "/usr/local/bin/node"
NPM = Path("/usr/local/lib/node_modules/npm")
IMAGE = "SPDXRef-Image"


class Document:
    def __init__(self):
        self.packages = []
        self.relationships = [("SPDXRef-DOCUMENT", "DESCRIBES", IMAGE)]

    def add(self, inside, name, version, purl=None, licence=None, checksum=None, comment=None, purpose=None):
        """Adds a package that `inside` contains, and returns its identifier. `checksum` is ALGORITHM:HEX, of the downloaded file."""
        identifier = IMAGE if inside is None else f"SPDXRef-Package-{len(self.packages)}"
        entry = {
            "SPDXID": identifier,
            "name": name,
            "versionInfo": version,
            "downloadLocation": "NOASSERTION",
            "filesAnalyzed": False,
            "licenseDeclared": licence or "NOASSERTION",
            "licenseConcluded": "NOASSERTION",
            "copyrightText": "NOASSERTION",
        }
        if purpose:
            entry["primaryPackagePurpose"] = purpose
        if comment:
            entry["comment"] = comment
        if checksum:
            algorithm, value = checksum.split(":")
            entry["checksums"] = [{"algorithm": algorithm, "checksumValue": value}]
        if purl:
            entry["externalRefs"] = [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}]
        self.packages.append(entry)
        if inside is not None:
            self.relationships.append((inside, "CONTAINS", identifier))
        return identifier


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def add_debian(document):
    hashes = {}
    for row in (SHARE / "debian-packages.tsv").read_text().splitlines():
        name, version, architecture, sha256 = row.split("\t")
        hashes[name, version, architecture] = f"SHA256:{sha256}"
    for row in run("dpkg-query", "-W", "-f", "${Package}\t${Version}\t${Architecture}\n").splitlines():
        name, version, architecture = row.split("\t")
        # A package URL percent-encodes a plus and a colon in a version.
        encoded = version.replace("+", "%2B").replace(":", "%3A")
        document.add(
            IMAGE,
            name,
            version,
            purl=f"pkg:deb/debian/{name.replace('+', '%2B')}@{encoded}?arch={architecture}&distro=debian-13",
            checksum=hashes.get((name, version, architecture)),
            comment=f"licences: /usr/share/doc/{name}/copyright",
        )


LICENCES = {"dropbear": "MIT", "node": "MIT", "npm": "Artistic-2.0", "uv": "Apache-2.0 OR MIT"}


def add_programs(document):
    """Reads the notes of the build stages about what no package manager knows."""
    for note in sorted((SHARE / "origins").glob("*.tsv")):
        name, version, purl, checksum, whose = note.read_text().rstrip("\n").split("\t")
        identifier = document.add(
            IMAGE, name, version, purl, LICENCES[name], checksum, f"{whose}; the checksum is that of the file it came in", "APPLICATION"
        )
        if name == "node":
            add_node_libraries(document, identifier)
        if name == "npm":
            add_node_modules(document, identifier, NPM / "node_modules")


def add_node_libraries(document, node):
    versions = json.loads(run(NODE, "-p", "JSON.stringify(process.versions)"))
    for name, version in sorted(versions.items()):
        # The other entries are version numbers of interfaces and tables, and Node itself.
        if version and name not in {"node", "modules", "napi", "unicode", "cldr", "tz"}:
            document.add(node, name, version, purl=f"pkg:generic/{name}@{version}", purpose="LIBRARY")


def add_node_modules(document, inside, folder):
    for file in sorted(folder.glob("**/package.json")):
        parent = file.parent.parent
        if parent.name != "node_modules" and parent.parent.name != "node_modules":
            continue
        about = json.loads(file.read_text())
        name, version, licence = about.get("name"), about.get("version"), about.get("license")
        if name and version and file.parent.as_posix().endswith(f"node_modules/{name}"):
            declared = licence if isinstance(licence, str) and re.fullmatch(r"[A-Za-z0-9.+() -]+", licence) else None
            purl = f"pkg:npm/{name.replace('@', '%40')}@{version}"
            document.add(inside, name, version, purl, declared, purpose="LIBRARY")


def add_supervisor(document):
    """Adds the supervisor's own bill of materials, as a part of the image."""
    bill = json.loads(SUPERVISOR.read_text())

    def rename(identifier):
        return identifier.replace("SPDXRef-", "SPDXRef-Supervisor-", 1)

    document.packages += [{**entry, "SPDXID": rename(entry["SPDXID"])} for entry in bill["packages"]]
    files = [{**entry, "SPDXID": rename(entry["SPDXID"])} for entry in bill["files"]]
    for relation in bill["relationships"]:
        subject, kind, other = (relation[key] for key in ("spdxElementId", "relationshipType", "relatedSpdxElement"))
        if kind == "DESCRIBES":
            document.relationships.append((IMAGE, "CONTAINS", rename(other)))
        else:
            document.relationships.append((rename(subject), kind, rename(other)))
    return files


def main():
    document = Document()
    document.add(None, "ws-workspace", sys.argv[1], licence="MIT", purpose="CONTAINER")
    add_debian(document)
    add_programs(document)
    files = add_supervisor(document)
    content = {
        "packages": document.packages,
        "files": files,
        "relationships": [
            {"spdxElementId": subject, "relationshipType": kind, "relatedSpdxElement": other}
            for subject, kind, other in document.relationships
        ],
    }
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:32]
    seconds = os.environ.get("SOURCE_DATE_EPOCH")
    created = datetime.fromtimestamp(int(seconds), timezone.utc) if seconds else datetime.now(timezone.utc)
    head = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"ws-workspace-{sys.argv[1]}",
        "documentNamespace": f"https://ws.dev/sbom/ws-workspace-{sys.argv[1]}-image-{digest}",
        "creationInfo": {"creators": ["Tool: image/sbom.py"], "created": created.strftime("%Y-%m-%dT%H:%M:%SZ")},
    }
    print(json.dumps({**head, **content}, indent=1))


main()
