"""Hooks for Schemathesis: real records for the generator to reach, and checks that know two tenants.

TURNKEEP_FUZZ_WORLD names a JSON file, TURNKEEP_FUZZ_SUMMARY the file to write what was reached to:
  ids        prefix of ids -> ids of records that exist, the caller's own and others'
  nested     name in a path -> id of the record above -> ids of its parts
  values     name of a field or parameter -> texts that exist
  protected  ids that only reading may meet: without them the run would lock itself out
  probe      the app whose storage is checked: nobody's server is to be found there
  foreign    what no answer to this caller may contain
"""

import json
import os
import re
import threading
import zlib

import schemathesis

ID = re.compile(r"^([a-z]{3})_[0-7][0-9a-hjkmnp-tv-z]{25}$")
ANY_ID = re.compile(r"\b([a-z]{3})_[0-7][0-9a-hjkmnp-tv-z]{25}\b")
# Of a kind so many ids are kept, the first ones for good.
MOST_IDS = 200
# One in so many generated ids stays as it is, so that unknown records are asked for as well.
KEEP_UNKNOWN = 5

with open(os.environ["TURNKEEP_FUZZ_WORLD"], encoding="utf-8") as file:
    WORLD = json.load(file)
PROTECTED = set(WORLD["protected"])
LOCK = threading.Lock()


def chosen(seed, candidates):
    """One of the candidates, the same for the same seed."""
    return candidates[zlib.crc32(str(seed).encode()) % len(candidates)]


def real(text):
    """An existing id of the same kind in the place of an invented one, mostly."""
    match = ID.match(text)
    known = WORLD["ids"].get(match.group(1)) if match else None
    if not known or text in known or zlib.crc32(text.encode()) % KEEP_UNKNOWN == 0:
        return text
    return chosen(text, known)


def realistic(value, name=None):
    """The same structure with real ids and codes wherever invented ones stood."""
    if isinstance(value, dict):
        return {key: realistic(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [realistic(item, name) for item in value]
    if not isinstance(value, str):
        return value
    known = WORLD["values"].get(name)
    if known and zlib.crc32(value.encode()) % KEEP_UNKNOWN:
        return chosen(value, known)
    return real(value)


def real_path(template, parameters):
    """Real ids for a path; a part is chosen among those of the record above it."""
    above, changed = None, dict(parameters)
    collection = None
    for segment in template.split("/"):
        if not segment.startswith("{"):
            collection = segment
            continue
        name = segment[1:-1]
        given = parameters.get(name)
        if not isinstance(given, str) or (not ID.match(given) and above is None):
            return changed
        parts = WORLD["nested"].get(collection, {}).get(above)
        if above is None or not parts:
            changed[name] = real(given)
        elif zlib.crc32(given.encode()) % KEEP_UNKNOWN:
            changed[name] = chosen(given, parts)
        above = changed[name]
    return changed


@schemathesis.hook
def before_call(context, case, **kwargs):
    if case.operation.path.endswith("/storage/check"):
        # Any other endpoint may be somebody's.
        case.path_parameters = {"id": WORLD["probe"]}
    elif case.path_parameters:
        path = real_path(case.operation.path, case.path_parameters)
        if case.method.upper() not in ("GET", "HEAD") and PROTECTED & set(path.values()):
            # Of the same form, and nobody's.
            path = {key: re.sub("_.*", "_" + "0" * 26, value) if value in PROTECTED else value
                    for key, value in path.items()}
        case.path_parameters = path
    for condition in ("If-Match", "If-None-Match"):
        # An invented one is never met, and hides everything that comes after it.
        if condition in (case.headers or {}) and zlib.crc32(str(case.headers[condition]).encode()) % KEEP_UNKNOWN:
            del case.headers[condition]
    if case.query:
        case.query = realistic(case.query)
    if isinstance(case.body, (dict, list)):
        case.body = realistic(case.body)


@schemathesis.hook
def after_call(context, case, response):
    """Records that the run makes are reached by what comes after."""
    if response.status_code != 201:
        return
    with LOCK:
        for match in ANY_ID.finditer(response.text):
            known = WORLD["ids"].setdefault(match.group(1), [])
            if len(known) < MOST_IDS and match.group(0) not in known and match.group(0) not in PROTECTED:
                known.append(match.group(0))


def without_attempts(text):
    """An audit trail without the objects of what was refused: the callers have named those themselves."""
    try:
        events = json.loads(text)
    except ValueError:
        lines = text.splitlines()
        return "\n".join(without_attempts(line) for line in lines) if len(lines) > 1 else text
    for event in events.get("items", [events]):
        if event.get("outcome") == "refused" or event.get("refusal"):
            event.pop("object", None)
    return json.dumps(events)


@schemathesis.check
def no_record_of_another_tenant(ctx, response, case):
    """Not even a mention: an answer does not repeat what it was asked for, but for the audit trail."""
    is_trail = case.operation.path.startswith("/audit-") and response.status_code == 200
    text = without_attempts(response.text) if is_trail else response.text
    text += " ".join(f"{name}: {value}" for name, value in response.headers.items())
    for foreign in WORLD["foreign"]:
        if foreign in text:
            raise AssertionError(f"the answer shows another tenant's {foreign}")


# Only apps can call these, with access tokens; the run has the tokens of people.
OF_APPS = {"GET /usage", "POST /usage"}


@schemathesis.check
def token_is_good(ctx, response, case):
    """Otherwise the rest of the run would see nothing but the door."""
    if response.status_code == 401 and case.operation.label not in OF_APPS:
        raise AssertionError("the run has lost its token")


@schemathesis.check
class Reach:
    """Writes down which operations were tried, and which of them succeeded."""

    def __init__(self):
        self.tried, self.succeeded = set(), set()

    def after_response(self, ctx, response, case):
        self.tried.add(case.operation.label)
        if 200 <= response.status_code < 300:
            self.succeeded.add(case.operation.label)

    def after_run(self, ctx):
        summary = {"tried": sorted(self.tried), "succeeded": sorted(self.succeeded)}
        with open(os.environ["TURNKEEP_FUZZ_SUMMARY"], "w", encoding="utf-8") as file:
            json.dump(summary, file)
