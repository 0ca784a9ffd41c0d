import { access, constants } from "node:fs/promises";
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";

let client: LanguageClient | undefined;
// Starts and stops wait for each other: two quick restarts must not leave two servers.
let queue: Promise<void> = Promise.resolve();

export function activate(context: vscode.ExtensionContext): Promise<void> {
  const restart = () => (queue = queue.then(stop).then(() => start(context)));
  context.subscriptions.push(
    vscode.commands.registerCommand("bulkhead.restart", restart),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("bulkhead.path")) void restart();
    }),
  );
  return restart();
}

export function deactivate(): Promise<void> {
  return (queue = queue.then(stop));
}

/** Tells the user what is wrong, and leads to the setting, when there is no server to start. */
async function start(context: vscode.ExtensionContext): Promise<void> {
  const configured = vscode.workspace.getConfiguration("bulkhead").get("path", "").trim();
  const bundled = process.platform === "win32" ? "server/bulkhead.exe" : "server/bulkhead";
  const command = configured || context.asAbsolutePath(bundled);
  try {
    await access(command, constants.X_OK);
  } catch {
    // Not awaited: a message that stays open must not hold up the next restart.
    void complain(
      configured
        ? `bulkhead.path is “${configured}”, which is not a program that can be run.`
        : "This build of the extension carries no server. Set bulkhead.path to a bulkhead program.",
    );
    return;
  }
  client = new LanguageClient(
    "bulkhead",
    "Bulkhead",
    { command, args: ["lsp"] },
    {
      // Not what other schemes show: the old side of a diff is not there to be mended.
      documentSelector: [
        { language: "dockerfile", scheme: "file" },
        { language: "dockerfile", scheme: "untitled" },
        // Compose files are YAML, or a language of their own where Docker's extension is installed.
        { language: "dockercompose", scheme: "file" },
        { pattern: "**/{compose.*,compose,docker-compose*}.{yaml,yml}", scheme: "file" },
        { pattern: "**/*.dockerignore", scheme: "file" },
      ],
      // The settings are sent when the server is there, and whenever they change.
      synchronize: { configurationSection: "bulkhead" },
    },
  );
  try {
    await client.start();
  } catch {
    // The client has shown why and offers its output channel.
    client = undefined;
  }
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  // A server that is dead or does not answer must not keep a new one from starting.
  await running?.dispose().catch(() => undefined);
}

async function complain(problem: string): Promise<void> {
  const open = "Open Settings";
  if ((await vscode.window.showErrorMessage(`Bulkhead: ${problem}`, open)) === open) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "bulkhead.path");
  }
}
