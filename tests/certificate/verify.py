#!/usr/bin/env python3
"""Checks a certificate of a ruling without a store, without rules and without tq.

Exit status: 0 the certificate is right, 1 it is refused, 2 wrong use. Needs Python 3.8 and the package `cryptography` for Ed25519.
"""
import argparse, base64, hashlib, json, re, sys, unicodedata
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KIND = "application/vnd.thamquyen.%s+json"
WORDED = {"label", "name", "citation", "address", "result"}  # what a ruling words in a language
WORDS = {
    "shape": ("không phải bản chứng nhận, hoặc đã bị sửa đổi hay hỏng", "is no certificate, or was changed or damaged"),
    "kind": ("được ký cho việc khác", "is signed for another purpose"),
    "later": ("có dạng của chương trình mới hơn", "has the form of a later program"),
    "root": ("thuộc kho khác", "is of another store"),
    "policy": ("quy chế không nối tiếp nhau hoặc không đủ chữ ký", "the policies do not follow or lack signatures"),
    "publication": ("việc công bố không đúng chỗ hoặc không đủ chữ ký", "the publication is out of place or lacks signatures"),
    "fresh": ("xác nhận nhật ký là mới nhất không khớp", "the confirmation that the log is the newest does not fit"),
    "certifier": ("khóa không được chứng nhận", "the key may not certify"),
    "signature": ("chữ ký không đúng với nội dung này", "the signature is not over this content"),
    "time": ("chứng nhận ngoài thời gian xác nhận", "was certified outside of what was confirmed"),
    "files": ("danh sách tệp không đúng với mã phiên bản", "the list of files is not that of the version"),
    "version": ("không cùng một phiên bản", "certificate, ruling and publication are not of one version"),
    "text": ("tệp không phải tệp đã công bố", "a file is not the one that was published"),
    "quote": ("trích dẫn không khớp với văn bản", "a quote is not what the text says"),
    "question": ("câu trả lời không phải của câu hỏi này", "the ruling does not answer this question"),
    "valid": ("câu trả lời không còn đúng vào ngày được hỏi", "the ruling does not hold on the day asked about"),
    "languages": ("hai ngôn ngữ không nói cùng một điều", "the two languages do not say the same"),
}

class Refused(Exception):
    """What is wrong: a code of WORDS, and what it is about."""

def need(condition, code, about=""):
    if not condition:
        raise Refused(code, about)

def part(code, check, *arguments):
    """Whatever is wrong in a part of the proof is told as a fault of that part."""
    try:
        return check(*arguments)
    except Refused as refused:
        raise Refused(code or refused.args[0], refused.args[1])
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise Refused(code or "shape", "")

def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()

def unbase64(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "shape")
    return data

def members(value, names):
    need(type(value) is dict and list(value) == names.split(), "shape")
    return value

def parsed(text, names, **form):
    """JSON as it is written in its one form (so no member comes twice), with these members and no others."""
    value = json.loads(text)
    need(json.dumps(value, ensure_ascii=False, allow_nan=False, **form) == text, "shape")
    return members(value, names)

def envelope(text):
    need(text.endswith("\n"), "shape")
    return parsed(text[:-1], "payloadType payload signatures", indent=2)

def content(sealed, names):
    payload = unbase64(sealed["payload"]).decode()
    value = json.loads(payload)
    need(type(value) is dict and type(value.get("format")) is int, "shape")
    need(value["format"] == 1, "later")
    return parsed(payload, names, separators=(",", ":"))

def signers(sealed, kind, holders):
    """Who signed (DSSE 1.0): somebody did, and each signature is right and of one of the holders."""
    need(sealed["payloadType"] == KIND % kind, "kind", sealed["payloadType"])
    name, payload = (sealed["payloadType"].encode(), unbase64(sealed["payload"]))
    message = b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)
    known = {hashlib.sha256(unbase64(holder["key"])).hexdigest()[:16]: holder for holder in holders}
    signed = {}
    for one in sealed["signatures"]:
        need(one["keyid"] in known, "certifier", one["keyid"])
        need(one["keyid"] not in signed, "signature", one["keyid"])
        signed[one["keyid"]] = known[one["keyid"]]
        try:
            Ed25519PublicKey.from_public_bytes(unbase64(signed[one["keyid"]]["key"])).verify(unbase64(one["sig"]), message)
        except InvalidSignature:
            raise Refused("signature", one["keyid"])
    need(signed, "certifier")
    return list(signed.values())

def entry(text, before):
    """An entry of the log, signed as the policy before it wants; a new policy also as it wants itself."""
    sealed = envelope(text)
    said = content(sealed, "format number previous at proposal")
    proposal = content(said["proposal"], "format after by note says")
    (kind, what), = proposal["says"].items()
    need(proposal["after"] == said["previous"] and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", said["at"]), "shape")
    policies = [policy for policy in (before, what if kind == "policy" else None) if policy]
    holders = [holder for policy in policies for holder in policy["publishers"]]
    keys = {holder["key"] for holder in signers(said["proposal"], "proposal", holders)}
    for policy in policies:
        own = {holder["key"] for holder in policy["publishers"]}
        need(len(own) == len(policy["publishers"]) and len(own & keys) >= policy["signatures"] > 0, "policy")
    signers(sealed, "entry", holders)
    return {"number": said["number"], "at": said["at"], "previous": said["previous"], "hash": sha256(text), kind: what}

def follows(later, earlier):
    need(later["number"] > earlier["number"] and later["at"] >= earlier["at"] and later["previous"], "policy")
    need(later["number"] > earlier["number"] + 1 or later["previous"] == earlier["hash"], "policy")

def policies_of(evidence):
    """Those who may publish and certify, from the first entry on."""
    found = []
    for text in evidence["policies"]:
        found.append(entry(text, found[-1]["policy"] if found else None))
        need("policy" in found[-1], "policy")
        if len(found) > 1:
            follows(found[-1], found[-2])
    need(found[0]["number"] == 1 and found[0]["previous"] is None, "policy")
    return found

def publication_of(evidence, policies):
    number = content(envelope(evidence["publication"]), "format number previous at proposal")["number"]
    before = [policy for policy in policies if policy["number"] < number][-1]
    published = entry(evidence["publication"], before["policy"])
    follows(published, before)
    need(all(policy["number"] != number for policy in policies), "publication")
    return {**published, **published["publication"]}

def fresh_of(evidence, root, policy, published):
    """A publisher of today says which policy is the last: none is left out."""
    said = content(envelope(evidence["fresh"]), "format root number head policy at before")
    signers(envelope(evidence["fresh"]), "freshness", policy["policy"]["publishers"])
    need(said["root"] == root and said["policy"] == policy["hash"], "fresh")
    for one in (policy, published):
        need(said["number"] >= one["number"] and said["at"] >= one["at"], "fresh")
        need(said["number"] > one["number"] or said["head"] == one["hash"], "fresh")
    return said

def quoted(text, line):
    """The words quoted below the heading in a line, and whether any of them is a paraphrase."""
    lines, quote, paraphrase = text.split("\n")[line - 1:], [], False
    depth = lambda one: len(one) - len(one.lstrip())
    for one in lines[1:]:
        if one.strip() and depth(one) <= depth(lines[0]):
            break
        if one.lstrip().startswith(">"):
            words = one.lstrip().lstrip(">").lstrip()
            paraphrase |= words.startswith("~")
            quote += words[words.startswith("~"):].split()
    return quote, paraphrase

def check_ruling(certificate, ruling):
    evidence, question, valid = certificate["evidence"], certificate["question"], ruling["valid"]
    need(len(ruling["chain"]) == len(evidence["cited"]), "quote")
    for link, cited in zip(ruling["chain"], evidence["cited"]):
        need(link["document"] and type(link["address"]) is str, "shape")
        need(cited["path"] in evidence["texts"] and cited["line"] > 0, "quote", link["citation"])
        text = unicodedata.normalize("NFC", evidence["texts"][cited["path"]].lstrip("\ufeff").replace("\r\n", "\n"))
        right = quoted(text, cited["line"]) == ((link["quote"] or "").split(), link["paraphrase"])
        need(right and (link["amended_by"] or link["document"]) in text, "quote", link["citation"])
    need(ruling["version"] == certificate["version"][:16], "version")
    places = {role: units and [unit["code"] for unit in units] for role, units in ruling["places"].items()}
    said = {"task": ruling["task"]["id"], "on": ruling["date"], "places": places, "facts": ruling["facts"]}
    need(said == question, "question")
    need((valid["from"] or "") <= question["on"] < (valid["before"] or "9999-99-99"), "valid")

def codes(value):
    """A ruling without what is worded in a language."""
    if type(value) is dict:
        return {name: codes(one) for name, one in value.items() if name not in WORDED}
    return [codes(one) for one in value] if type(value) is list else value

def check(data, root):
    sealed = envelope(data.decode())
    need(sealed["payloadType"] == KIND % "ruling", "kind", sealed["payloadType"])
    certificate = content(sealed, "format question rulings version entry root at program evidence")
    question = members(certificate["question"], "task on places facts")
    evidence = members(certificate["evidence"], "policies publication fresh texts cited")
    rulings = members(certificate["rulings"], "vi en")
    need(all(list(one) == sorted(one) for one in (question["places"], question["facts"], evidence["texts"])), "shape")
    found = part("policy", lambda: sha256(evidence["policies"][0]))
    need(found == root and certificate["root"] == root, "root", found)
    policies = part("policy", policies_of, evidence)
    published = part("publication", publication_of, evidence, policies)
    fresh = part("fresh", fresh_of, evidence, root, policies[-1], published)
    policy = policies[-1]["policy"]
    by = [holder["name"] for holder in signers(sealed, "ruling", policy["certifiers"])]
    need(fresh["at"] <= certificate["at"] < fresh["before"], "time", certificate["at"])
    rules, listed = hashlib.sha256(), {file["path"]: file["sha256"] for file in published["files"]}
    for path, digest in listed.items():
        for one in (path.encode(), bytes.fromhex(digest)):
            rules.update(len(one).to_bytes(8, "big") + one)
    need(rules.hexdigest() == published["rules"] and [file["path"] for file in published["files"]] == sorted(listed), "files")
    need((certificate["version"], certificate["entry"]) == (published["rules"], published["number"]), "version")
    for path, text in evidence["texts"].items():
        need(listed.get(path) == sha256(text), "text", path)
    for ruling in rulings.values():
        check_ruling(certificate, ruling)
    need(codes(rulings["vi"]) == codes(rulings["en"]), "languages")
    return certificate, by, published, fresh, policy["offset"]

def lines(certificate, by, published, fresh, offset, lang):
    """What is certified, by whom, and as of which version."""
    pick = lambda vi, en: vi if lang == "vi" else en
    clock = timedelta(hours=int(offset[:3]), minutes=int(offset[0] + offset[4:]))
    local = lambda at: f"{datetime.strptime(at, '%Y-%m-%dT%H:%M:%SZ') + clock} {offset}"
    question, ruling, version = certificate["question"], certificate["rulings"][lang], certificate["version"]
    about = [f"{ruling['task']['name']} ({question['task']})"]
    for role, units in ruling["places"].items():
        if units != []:
            named = (f"{unit['type']} {unit['name']} ({unit['code']})" for unit in units or [])
            about.append(f"{role}: {' + '.join(named) or pick('không có', 'none')}")
    about.append(pick("ngày " + "/".join(reversed(question["on"].split("-"))), "on " + question["on"]))
    for fact, value in question["facts"].items():
        truth = pick("có", "yes") if value else pick("không", "no")
        about.append(f"{fact} = {truth if type(value) is bool else ', '.join(value) if type(value) is list else value}")
    published, place, at = local(published["at"]), (certificate["entry"], fresh["number"]), local(certificate["at"])
    yield f"{pick('chứng nhận', 'certified')}: {ruling['label']}"
    yield f"  {'; '.join(about)}"
    for link in ruling["chain"]:
        yield f"  {pick('căn cứ', 'by')}: {link['citation']}"
    yield pick("  phiên bản %s, công bố lúc %s (mục %d trong %d mục của nhật ký)",
               "  version %s, published at %s (entry %d of %d in the log)") % (version, published, *place)
    yield pick("  người chứng nhận: %s, lúc %s", "  certified by %s at %s") % (", ".join(by), at)
    yield f"  {pick('gốc của kho', 'root of the store')}: {certificate['root']}"

def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("certificate", type=argparse.FileType("rb"))
    arguments.add_argument("--root", required=True, help="the hash of the store's first entry, as its owner says it")
    arguments.add_argument("--lang", choices=("vi", "en"), default="vi")
    said = arguments.parse_args()
    if not re.fullmatch("[0-9a-f]{64}", said.root):
        arguments.error("--root: 64 lower-case hexadecimal digits")
    try:
        told = list(lines(*part(None, check, said.certificate.read(), said.root), said.lang))
    except Refused as refused:
        code, about = refused.args
        word, words = ("bị từ chối", WORDS[code][0]) if said.lang == "vi" else ("refused", WORDS[code][1])
        sys.exit(f"{word} ({code}): {words} {about}".rstrip())
    print("\n".join(told))

if __name__ == "__main__":
    main()
