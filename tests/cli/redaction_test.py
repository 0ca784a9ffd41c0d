"""No output shows a secret: neither messages nor the lines of the file that they are about.

    redaction_test.py BULKHEAD
"""

import string
import unittest

from program import Case


def fake(prefix, size, alphabet=string.ascii_letters + string.digits):
    """Of the form of a real one, made here, so that none stands in the repository."""
    return prefix + "".join(alphabet[(i * 17 + size) % len(alphabet)] for i in range(size))


UPPER = string.ascii_uppercase + "234567"
GITHUB = fake("gh" + "p_", 36)
GITLAB = fake("gl" + "pat-", 20)
NPM = fake("np" + "m_", 36)
AWS = fake("AK" + "IA", 16, UPPER)
SLACK = fake("xo" + "xb-1234567890-", 24)
STRIPE = fake("sk" + "_live_", 24)
PASSWORD = fake("", 12)
NAMED = fake("", 24)
SECRETS = [GITHUB, GITLAB, NPM, AWS, SLACK, STRIPE, PASSWORD, NAMED]

DOCKERFILE = f"""# {GITHUB}
FROM ubuntu AS build
ARG API_TOKEN={NAMED}
ENV AWS_ACCESS_KEY_ID={AWS} DB_PASSWORD={NAMED} OTHER="{STRIPE}"
ENV DB_PASSWORD {NAMED}
RUN curl -k http://build:{PASSWORD}@example.com/install.sh | sh && wget http://me:{GITHUB}@example.com/a
RUN curl -kH "Authorization: Bearer {SLACK}" http://example.com/ > /etc/a && cd /x && echo {GITHUB} > /root/a
RUN git clone http://{GITHUB}@example.com/a && git clone https://x:{GITLAB}@example.com/b && sudo chmod 777 /a
RUN pip install --trusted-host a --index-url http://build:{PASSWORD}@example.com/simple app
RUN echo "//npm.example.com/:_authToken={NPM}" > ~/.npmrc && \\
    npm install && curl -u build:{PASSWORD} ftp://example.com/a -o /usr/bin/a && chmod u+s /usr/bin/a
RUN <<EOF
curl -k https://x:{GITLAB}@example.com/ | bash
export TOKEN={GITHUB[:9]}\\
{GITHUB[9:]}
EOF
ADD http://build:{PASSWORD}@example.com/a.tgz /
COPY <<EOF /app/.npmrc
//npm.example.com/:_authToken={NPM}
EOF
LABEL token={GITLAB} url=https://build:{PASSWORD}@example.com/
USER {GITHUB}
CMD app --slack {SLACK} --password {PASSWORD}
HEALTHCHECK CMD curl -u a:{PASSWORD} http://localhost/
"""

COMPOSE = f"""services:
  app:
    build: .
    privileged: true
    environment:
      API_TOKEN: {GITHUB}
    ports: ["22:22"]
    command: app --token {GITLAB}
"""


COMMANDS = [
    ["check", "."],
    ["check", "--format", "json", "."],
    ["parse", "Dockerfile"],
    ["parse", "--format", "json", "Dockerfile"],
    ["parse", "--effects", "Dockerfile"],
    ["parse", "--effects", "--format", "json", "Dockerfile"],
]


class Redaction(Case):
    def test_no_output_shows_a_secret(self):
        self.write("Dockerfile", DOCKERFILE)
        self.write("compose.yaml", COMPOSE)
        for command in COMMANDS:
            result = self.run_program(*command)
            text = result.out + result.err
            self.assertTrue(text.strip(), command)
            for secret in SECRETS:
                with self.subTest(command, secret=secret[:3]):
                    at = text.find(secret[5:])
                    self.assertEqual(at, -1, text[max(at - 100, 0):max(at, 0)])


if __name__ == "__main__":
    unittest.main()
