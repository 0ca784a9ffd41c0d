"""Compares the structures of lsp/protocol.h with what the protocol's makers publish: the names of members, which of
them may be absent, and the paths of capabilities. Skipped where `npm ci` has not been run in declarations/.

    protocol_test.py
"""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
MODULES = HERE / "declarations" / "node_modules"
# Paths of capabilities that no specification has, and yet clients.
MISSPELT = {"/workspace/diagnostic/refreshSupport"}
COMMENTS = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)

# What the client sends; all other structures are sent, or are both.
RECEIVED = re.compile(r"Params$|^ClientCapabilities$|^(Versioned)?TextDocument(Identifier|Item|ContentChangeEvent)$"
                      r"|^FileEvent$|^PreviousResultId$|^WorkspaceFolder(sChangeEvent)?$|^CodeActionContext$")
SENT = {"LogMessageParams", "ShowMessageParams", "PublishDiagnosticsParams", "RegistrationParams"}
# Ours by other names, or made of several of theirs.
NAMES = {"ServerInfo": None, "WorkspaceOptions": None, "NoParams": None, "WorkDoneProgress": "WorkDoneProgressBegin",
         "DiagnosticReference": "Diagnostic"}
# Clients leave these out, or say null, though they should not.
LENIENT = {("VersionedTextDocumentIdentifier", "version"), ("TextDocumentItem", "version"), ("TextDocumentItem", "languageId"),
           ("WorkDoneProgress", "title")}


def parts(text, separator):
    """`text` split at `separator` outside of brackets."""
    depth, start = 0, 0
    for i, c in enumerate(text):
        depth += (c in "{[(<") - (c in "}])>" and text[i - 1] != "=")
        if c == separator and depth == 0:
            yield text[start:i]
            start = i + 1
    yield text[start:]


def members(body):
    """{name: (may be absent, type)} of the body of an interface."""
    found = {}
    for part in parts(body, ";"):
        match = re.match(r"\s*(?:readonly\s+)?(\w+)(\??):\s*(.*)$", part, re.DOTALL)
        if match:
            found[match[1]] = (bool(match[2]), match[3].strip())
    return found


def block(text, at):
    """What stands in the braces that open at `at`."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] == "{") - (text[i] == "}")
        if depth == 0:
            return text[at + 1:i]
    raise ValueError("a brace is not closed")


def alias(text):
    """The bases and members of `A & {b: c}`."""
    bases, own = [], {}
    for part in map(str.strip, parts(text, "&")):
        if part.startswith("{"):
            own.update(members(block(part, 0)))
        else:
            bases.append(part)
    return bases, own


def either(alternatives):
    """What is not in all of them may be absent."""
    if len(alternatives) == 1:
        return alternatives[0]
    names = {name for _, own in alternatives for name in own}
    merged = {}
    for name in names:
        told = [own[name] for _, own in alternatives if name in own]
        absent = len(told) < len(alternatives) or any(optional for optional, _ in told)
        merged[name] = (absent, told[0][1])
    return [], merged


def interfaces():
    found = {}
    for path in MODULES.glob("vscode-languageserver-*/lib/**/*.d.ts"):
        if "umd" in path.parts:
            continue
        text = COMMENTS.sub("", path.read_text())
        for match in re.finditer(r"\binterface (\w+)(?:<[^{]*?>)?(?: extends ([^{]+))? \{", text):
            bases = [base.split("<")[0].strip() for base in (match[2] or "").split(",") if base.strip()]
            found.setdefault(match[1], ([], {}))
            found[match[1]][0].extend(bases)
            found[match[1]][1].update(members(block(text, match.end() - 1)))
        for match in re.finditer(r"\btype (\w+) = ", text):
            alternatives = [alias(each) for each in parts(next(parts(text[match.end():], ";")), "|")]
            found.setdefault(match[1], either(alternatives))
    return found


def all_members(name, model):
    bases, own = model.get(name, ([], {}))
    found = {}
    for base in bases:
        found.update(all_members(base, model))
    return found | own


def structures():
    """Of protocol.h: {name: [(name of the field, whether it may be absent)]}."""
    text = COMMENTS.sub("", (HERE.parents[1] / "lsp" / "protocol.h").read_text())
    types = {"Position": {}, "Range": {}}
    for match in re.finditer(r"^struct (\w+) \{\s*\n(.*?)^\};", text, re.DOTALL | re.MULTILINE):
        types[match[1]] = dict(reversed(each) for each in re.findall(r"^\s*([\w:<>, ]+?) (\w+)(?: = [^;]+)?;", match[2], re.M))
    found = {}
    for name, table in re.findall(r"fields<(\w+)>\s*=\s*std::tuple\((.*?)\);", text, re.DOTALL):
        fields = re.findall(r'Field\{"([^"]+)",\s*&\w+::(\w+)\}', table)
        found[name] = [(field, types.get(name, {}).get(member, "").startswith("std::optional")) for field, member in fields]
    return found


def path_faults(path, model):
    at = all_members("ClientCapabilities", model)
    for step in path.strip("/").split("/"):
        if step not in at:
            return f"no capability {path}: {step} is not there"
        kind = at[step][1]
        at = members(block(kind, 0)) if kind.startswith("{") else all_members(kind, model)
    return None


def faults(name, fields, model):
    theirs = NAMES.get(name, name)
    if theirs is None:
        return
    known = all_members(theirs, model)
    if not known:
        yield f"{name}: the protocol has no such structure"
    received = bool(RECEIVED.search(name)) and name not in SENT
    for field, optional in fields:
        if field.startswith("/"):
            if name == "ClientCapabilities" and field not in MISSPELT and (fault := path_faults(field, model)):
                yield f"{name}: {fault}"
        elif field not in known:
            if known and field not in [each for end in ("Report", "End") for each in all_members(f"{theirs}{end}", model)]:
                yield f"{name}: the protocol has no member {field}"
        elif received and known[field][0] and not optional:
            yield f"{name}.{field} may be absent, and is required here"
        elif optional and not known[field][0] and (name, field) not in LENIENT and "null" not in known[field][1]:
            yield f"{name}.{field} is required, and may be absent here"
    if not received:
        told = {field for field, _ in fields}
        for field, (optional, _) in known.items():
            if not optional and field not in told and name != "DiagnosticReference":
                yield f"{name}.{field} is required, and not sent"


def main():
    if not MODULES.is_dir():
        print("skipped: the declarations are not there; ./dev test installs them")
        return 77
    model = interfaces()
    ours = structures()
    if len(ours) < 30 or len(model) < 200:
        print(f"could not be read: {len(ours)} structures of ours, {len(model)} of the protocol")
        return 1
    found = [fault for name, fields in ours.items() for fault in faults(name, fields, model)]
    print("\n".join(found) or f"{len(ours)} structures are as published")
    return bool(found)


sys.exit(main())
