#!/usr/bin/env python3
"""Checks a certificate of a ruling without a store, without rules and without tq.

    python3 verify.py CERTIFICATE --root SHA256 [--lang vi|en]

The root is the hash of the first entry of the store, as its owner says it. Exit status: 0 the certificate is right, 1 it is
refused, 2 wrong use. Needs Python 3.8 and the package `cryptography` for Ed25519; everything else is read here on its own.
"""
import argparse, base64, hashlib, json, re, sys, unicodedata
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KIND = "application/vnd.thamquyen.%s+json"
WORDED = {"label", "name", "citation", "address", "result"}
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


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def unbase64(text):
    data = base64.b64decode(text, validate=True)
    need(base64.b64encode(data).decode() == text, "shape")
    return data


def once(pairs):
    """No member of an object twice."""
    need(len(dict(pairs)) == len(pairs), "shape")
    return dict(pairs)


def parsed(text, members, **form):
    """JSON in the one form in which it is written, with these members and no others."""
    value = json.loads(text, object_pairs_hook=once)
    if form:
        need(json.dumps(value, ensure_ascii=False, **form) == text, "shape")
    need(type(value) is dict and set(value) == set(members.split()), "shape")
    return value


def envelope(text):
    need(text.endswith("\n"), "shape")
    return parsed(text[:-1], "payloadType payload signatures", indent=2)


def content(sealed, members):
    value = parsed(unbase64(sealed["payload"]).decode(), members, separators=(",", ":"))
    need(type(value["format"]) is int, "shape")
    need(value["format"] == 1, "later")
    return value


def signers(sealed, kind, holders):
    """The names of those who signed; each signature must be of one of the holders, and right (DSSE 1.0)."""
    need(sealed["payloadType"] == KIND % kind, "kind", sealed["payloadType"])
    payload, name = unbase64(sealed["payload"]), sealed["payloadType"].encode()
    message = b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)
    known = {sha256(unbase64(holder["key"]))[:16]: holder for holder in holders}
    signed = {}
    for one in sealed["signatures"]:
        need(one["keyid"] in known, "certifier", one["keyid"])
        need(one["keyid"] not in signed, "signature", one["keyid"])
        try:
            key = Ed25519PublicKey.from_public_bytes(unbase64(known[one["keyid"]]["key"]))
            key.verify(unbase64(one["sig"]), message)
        except InvalidSignature:
            raise Refused("signature", one["keyid"])
        signed[one["keyid"]] = known[one["keyid"]]
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
    return {"number": said["number"], "at": said["at"], "previous": said["previous"], "hash": sha256(text.encode()), kind: what}


def follows(later, earlier):
    need(later["number"] > earlier["number"] and later["at"] >= earlier["at"] and later["previous"], "policy")
    need(later["number"] > earlier["number"] + 1 or later["previous"] == earlier["hash"], "policy")


def as_code(code, check, *arguments):
    """What goes wrong in a part of the proof is told as a fault of that part."""
    try:
        return check(*arguments)
    except Refused as refused:
        raise Refused(code, refused.args[1])
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise Refused(code, str(error))


def policies_of(evidence, root):
    """Those who may publish and certify, from the root on."""
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
    need(all(policy["number"] != number for policy in policies), "publication")
    before = [policy for policy in policies if policy["number"] < number][-1]
    published = entry(evidence["publication"], before["policy"])
    follows(published, before)
    return {**published, **published["publication"]}


def fresh_of(evidence, root, policy, published):
    """A publisher of today says which policy is the last: none is left out."""
    sealed = envelope(evidence["fresh"])
    said = content(sealed, "format root number head policy at before")
    signers(sealed, "freshness", policy["policy"]["publishers"])
    need(said["root"] == root and said["policy"] == policy["hash"], "fresh")
    for one in (policy, published):
        need(said["number"] >= one["number"] and said["at"] >= one["at"], "fresh")
        need(said["number"] > one["number"] or said["head"] == one["hash"], "fresh")
    return said


def quoted(text, line):
    """What is quoted below the heading in a line, and whether any of it is a paraphrase."""
    lines, quote, paraphrase = text.split("\n")[line - 1:], [], False
    depth = lambda one: len(one) - len(one.lstrip())
    for one in lines[1:]:
        if one.strip() and depth(one) <= depth(lines[0]):
            break
        if one.lstrip().startswith(">"):
            words = one.lstrip().lstrip(">").lstrip()
            paraphrase |= words.startswith("~")
            quote += words[1 if words.startswith("~") else 0:].split()
    return quote, paraphrase


def chain(certificate, ruling):
    evidence = certificate["evidence"]
    need(len(ruling["chain"]) == len(evidence["cited"]), "quote")
    for link, cited in zip(ruling["chain"], evidence["cited"]):
        need(link["document"] and type(link["address"]) is str, "shape")
        need(cited["path"] in evidence["texts"] and cited["line"] > 0, "quote", link["citation"])
        text = unicodedata.normalize("NFC", evidence["texts"][cited["path"]].lstrip("\ufeff").replace("\r\n", "\n"))
        quote, paraphrase = quoted(text, cited["line"])
        right = (link["quote"] or "").split() == quote and link["paraphrase"] is paraphrase
        need(right and (link["amended_by"] or link["document"]) in text, "quote", link["citation"])


def answers(certificate, ruling):
    question, valid = certificate["question"], ruling["valid"]
    need(ruling["version"] == certificate["version"][:16], "version")
    places = {role: units and [unit["code"] for unit in units] for role, units in ruling["places"].items()}
    asked = (question["task"], question["on"], question["places"], question["facts"])
    need((ruling["task"]["id"], ruling["date"], places, ruling["facts"]) == asked, "question")
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
    evidence = certificate["evidence"]
    need(set(certificate["question"]) == {"task", "on", "places", "facts"} and set(certificate["rulings"]) == {"vi", "en"}, "shape")
    need(set(evidence) == {"policies", "publication", "fresh", "texts", "cited"}, "shape")
    found = sha256(evidence["policies"][0].encode())
    need(found == root and certificate["root"] == root, "root", found)
    policies = as_code("policy", policies_of, evidence, root)
    published = as_code("publication", publication_of, evidence, policies)
    fresh = as_code("fresh", fresh_of, evidence, root, policies[-1], published)
    policy = policies[-1]["policy"]
    by = [holder["name"] for holder in signers(sealed, "ruling", policy["certifiers"])]
    need(fresh["at"] <= certificate["at"] < fresh["before"], "time", certificate["at"])
    rules, paths = hashlib.sha256(), [file["path"] for file in published["files"]]
    for file in published["files"]:
        for part in (file["path"].encode(), bytes.fromhex(file["sha256"])):
            rules.update(len(part).to_bytes(8, "big") + part)
    need(rules.hexdigest() == published["rules"] and paths == sorted(set(paths), key=str.encode), "files")
    need((certificate["version"], certificate["entry"]) == (published["rules"], published["number"]), "version")
    listed = {file["path"]: file["sha256"] for file in published["files"]}
    for path, text in evidence["texts"].items():
        need(listed.get(path) == sha256(text.encode()), "text", path)
    for ruling in certificate["rulings"].values():
        chain(certificate, ruling)
        answers(certificate, ruling)
    need(codes(certificate["rulings"]["vi"]) == codes(certificate["rulings"]["en"]), "languages")
    return certificate, by, published, fresh, policy["offset"]


def lines(certificate, by, published, fresh, offset, lang):
    """What is certified, by whom, and as of which version."""
    pick = lambda vi, en: vi if lang == "vi" else en
    hours, minutes = int(offset[:3]), int(offset[0] + offset[4:])
    local = lambda at: f"{datetime.strptime(at, '%Y-%m-%dT%H:%M:%SZ') + timedelta(hours=hours, minutes=minutes)} {offset}"
    question, ruling = certificate["question"], certificate["rulings"][lang]
    about = [f"{ruling['task']['name']} ({question['task']})"]
    for role, units in ruling["places"].items():
        if units != []:
            words = pick("không có", "none") if units is None else " + ".join(f"{u['type']} {u['name']} ({u['code']})" for u in units)
            about.append(f"{role}: {words}")
    about.append(pick("ngày " + "/".join(reversed(question["on"].split("-"))), "on " + question["on"]))
    for fact, value in question["facts"].items():
        value = pick("có", "yes") if value is True else pick("không", "no") if value is False else value
        about.append(f"{fact} = {', '.join(value) if type(value) is list else value}")
    yield f"{pick('chứng nhận', 'certified')}: {ruling['label']}"
    yield f"  {'; '.join(about)}"
    for link in ruling["chain"]:
        yield f"  {pick('căn cứ', 'by')}: {link['citation']}"
    version, entry, last, moment = certificate["version"], certificate["entry"], fresh["number"], local(published["at"])
    yield pick(f"  phiên bản {version}, công bố lúc {moment} (mục {entry} trong {last} mục của nhật ký)",
               f"  version {version}, published at {moment} (entry {entry} of {last} in the log)")
    names, moment = ", ".join(by), local(certificate["at"])
    yield pick(f"  người chứng nhận: {names}, lúc {moment}", f"  certified by {names} at {moment}")
    yield f"  {pick('gốc của kho', 'root of the store')}: {certificate['root']}"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("certificate")
    arguments.add_argument("--root", required=True)
    arguments.add_argument("--lang", choices=("vi", "en"), default="vi")
    said = arguments.parse_args()
    if not re.fullmatch("[0-9a-f]{64}", said.root):
        arguments.error("--root: 64 lower-case hexadecimal digits")
    try:
        with open(said.certificate, "rb") as file:
            data = file.read()
    except OSError as error:
        arguments.error(str(error))
    try:
        told = list(lines(*check(data, said.root), said.lang))
    except Refused as refused:
        code, about = refused.args
        print(f"refused ({code}): {WORDS[code][said.lang == 'en']} {about}".rstrip(), file=sys.stderr)
        return 1
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError):
        print(f"refused (shape): {WORDS['shape'][said.lang == 'en']}", file=sys.stderr)
        return 1
    print("\n".join(told))
    return 0


if __name__ == "__main__":
    sys.exit(main())
