"""Dockerfiles that repeat one thing thousands of times, or nest it: each is checked to the end, in memory that has a
bound. No time is measured: what takes the square of its size, or more, runs into the limits."""

import os
import resource
import unittest

from program import Case

SIZE = 60_000  # bytes of each, more or less
DEEP = 400_000  # of those that only nest, where a stack might end
MEMORY = 3 << 30  # bytes


def lines(text, number):
    """`text` once for each number, which stands for {i}, and the one before it for {j}."""
    return "".join(text.format(i=i, j=i - 1) for i in range(1, number))


def nested(opening, inner, closing, size=DEEP):
    number = size // (len(opening) + len(closing))
    return opening * number + inner + closing * number


SHAPES = {
    "a variable that doubles": "FROM a\nENV A0=x\n" + lines("ENV A{i}=$A{j}$A{j}\n", 2000),
    "an argument that doubles": "ARG A0=x\n" + lines("ARG A{i}=$A{j}$A{j}\n", 2000) + "FROM a$A9\n",
    "a variable that grows": "FROM a\n" + "ENV A=$A:b\n" * (SIZE // 11),
    "a long variable, often": "FROM a\nENV A=" + "x" * 3000 + "\nENV B=" + "$A" * (SIZE // 2) + "\n",
    "a shell variable that doubles": "FROM a\nRUN " + lines("A{i}=$A{j}$A{j}; ", 2000) + "echo $A1999\n",
    "functions that call twice": "FROM a\nRUN " + lines("f{i}() {{ f{j}; f{j}; }}; ", 2000) + "f1999\n",
    "a function that calls itself": "FROM a\nRUN f() { f; f; }; " + "f; " * (SIZE // 3) + "\n",
    "stages on stages": "FROM a AS s0\n" + lines("FROM s{j} AS s{i}\n", SIZE // 18),
    "stages": "FROM a\n" * (SIZE // 7),
    "stages on one": "FROM a AS b\n" + "FROM b\nRUN x\n" * (SIZE // 13),
    "copies from stage to stage": "FROM a AS s0\n" + lines("FROM b AS s{i}\nCOPY --from=s{j} /a /a\n", SIZE // 44),
    "folders in folders": "FROM a\n" + "WORKDIR a\n" * (SIZE // 10),
    "writes to one path": "FROM a\n" + "COPY --chown=a:b x /x\nRUN chown -R a /x\n" * (SIZE // 41),
    "downloads to one path": "FROM a\n" + "RUN wget http://x/a.tgz\nRUN tar xf a.tgz\nRUN rm a.tgz\n" * (SIZE // 52),
    "readers of a secret": "FROM a\nARG TOKEN\n" + 'RUN curl -H "x: $TOKEN" y\n' * (SIZE // 27),
    "secrets": "FROM a\n" + "ARG PASSWORD\nRUN echo $PASSWORD\n" * (SIZE // 32),
    "heredocs": "FROM a\n" + "RUN <<EOF\necho a\nEOF\n" * (SIZE // 21),
    "open heredocs": "FROM a\n" + lines("RUN cat <<E{i}\n", SIZE // 15),
    "comments in a continuation": "FROM a\nRUN x \\\n" + "# c\n" * (SIZE // 4) + " y\n",
    "flags": "FROM a\nCOPY " + "--a=b " * (SIZE // 6) + "x y\n",
    "globs": "FROM a\nCOPY " + "*a" * (SIZE // 2) + " /d/\n",
    "URLs in one another": "FROM a\nRUN curl https://" + "a:b@" * (SIZE // 4) + "\n",
    "one long line of a file": "FROM a\nRUN echo " + "a" * 5_000_000 + "\n",
    "nested defaults": "FROM a\nENV A=" + nested("${A:-", "x", "}") + "\n",
    "nested defaults in RUN": "FROM a\nRUN echo " + nested("${A:-", "x", "}", SIZE) + "\n",
    "nested substitutions": "FROM a\nRUN echo " + nested("$(echo ", "x", ")", SIZE) + "\n",
    "nested quotes": "FROM a\nRUN " + nested('sh -c "', "x", '"', SIZE) + "\n",
    "subshells": "FROM a\nRUN " + nested("(", "x", ")") + "\n",
    "groups": "FROM a\nRUN " + nested("{ ", "x; ", "};") + "\n",
    "conditions": "FROM a\nRUN " + nested("if x; then ", "y", "; fi") + "\n",
    "loops": "FROM a\nRUN " + nested("for i in a b; do ", "y", "; done") + "\n",
    "triggers of triggers": "FROM a\n" + "ONBUILD " * (DEEP // 8) + "RUN x\n",
    "a fault in triggers of triggers": "FROM a\n" + "ONBUILD " * (DEEP // 8) + 'ENV "x\n',
    "brackets": "FROM a\nCMD " + "[" * DEEP + "\n",
}


class Shapes(Case):
    def test_each_is_checked_to_the_end(self):
        # Sanitizers keep terabytes of addresses for themselves.
        sanitized = os.environ.get("BULKHEAD_SANITIZED")
        limit = None if sanitized else lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        for name, text in SHAPES.items():
            with self.subTest(name):
                self.write("Dockerfile", text)
                result = self.run_program("check", "--format", "json", "Dockerfile", preexec_fn=limit)
                self.assertIn(result.code, (0, 1), result.err[:500])
                result.json()


if __name__ == "__main__":
    unittest.main()
