"""Every success that the document of a service names was answered at least once: reached.py URL

A run in which all tokens are refused conforms to a document as well; the service's own metrics tell.
"""

import json
import re
import sys
import urllib.request

LINE = re.compile(r'http_requests_total\{method="(\w+)",route="([^"]+)",status="(2\d\d)"\} [1-9]')


def get(path):
    with urllib.request.urlopen(sys.argv[1] + path, timeout=10) as answer:
        return answer.read().decode()


seen = set(LINE.findall(get("/metrics")))
paths = json.loads(get("/openapi.json"))["paths"]
told = {
    (method.upper(), path, status)
    for path, operations in paths.items()
    for method, operation in operations.items()
    for status in operation["responses"]
    if status.startswith("2")
}
for missing in sorted(told - seen):
    print("never answered:", *missing)
sys.exit(not told or bool(told - seen))
