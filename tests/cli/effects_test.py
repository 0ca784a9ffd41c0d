"""`parse --effects`: what a build does, for people and for programs."""

import unittest

from program import Case

DOCKERFILE = "FROM debian:13 AS base\nRUN apt-get update && touch /a; [ -f b ] && rm b || true\nUSER app\nCMD [\"x\"]\n"


class Effects(Case):
    def test_terminal(self):
        self.write("Dockerfile", DOCKERFILE)
        result = self.run_program("parse", "--effects", "Dockerfile")
        self.assertEqual(result.code, 0)
        self.assertEqual(result.out, "Dockerfile\n"
                         "stage 0 base: FROM debian:13\n"
                         "  layer 1: RUN\n"
                         "     2  refreshes index apt-get\n"
                         "     2  writes /a, more, empty, mode 0644\n"
                         "     2  deletes /b (possibly)\n"
                         "  image: CMD as app\n"
                         "     4  starts by default x\n")

    def test_json(self):
        self.write("Dockerfile", DOCKERFILE)
        result = self.run_program("parse", "--effects", "--format", "json", "Dockerfile", "Dockerfile")
        first, second = result.out.splitlines()
        self.assertEqual(first, second)
        result.bytes = first.encode()
        stage = result.json()["stages"][0]
        self.assertEqual((stage["stage"], stage["name"], stage["from"]), (0, "base", "debian:13"))
        self.assertEqual(stage["effects"][2], {"line": 2, "verb": "deletes", "object": "/b", "layer": 1, "certain": False})
        self.assertEqual(stage["effects"][3]["user"], "app")
        self.assertNotIn("layer", stage["effects"][3])


if __name__ == "__main__":
    unittest.main()
