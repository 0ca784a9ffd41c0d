#pragma once

#include <string_view>

#include "analysis/text/word_list.h"

// What no command line of a package manager shows: how it is told to do what images need, and where it
// leaves what they do not.
namespace bulkhead::facts {

struct PackageManager {
  std::string_view name;        // as in shell::PackageCall::manager: "apt-get", "pip"
  std::string_view family;      // of those that handle the same packages: "apt", "rpm", "npm"
  bool of_system;               // of a distribution; others are of a language
  std::string_view assume_yes;  // the option that answers its questions; empty when it asks none
  std::string_view no_extras;   // the option that leaves out what is only recommended; may be empty
  std::string_view no_cache;    // the option to keep nothing of what was fetched; may be empty
  std::string_view clean;   // the command that removes what it keeps, in the same RUN; may be empty
  std::string_view caches;  // the folders where it keeps that, as root, between commas
  std::string_view pin;  // how a package is asked for in one version: "NAME=VERSION"; may be empty
  std::string_view locked;  // the command that installs what a lock file says; may be empty
};

// Null for one that is not in the table. The answer lives as long as the program.
const PackageManager* package_manager(std::string_view name);

// The folder of the project that a manager installs into, of its own accord.
struct ProjectFolder {
  std::string_view manager;
  std::string_view folder;
  std::string_view global_folder;  // of what is for all projects, and of root; empty: not known
  std::string_view global_image;   // in the only image where that is so
};

// Null for one that installs elsewhere. The answer lives as long as the program.
const ProjectFolder* project_folder(std::string_view manager);

// The folder, of root, that a manager installs into for all projects in that image; empty where it is not
// known.
std::string_view global_folder(std::string_view manager, std::string_view image);

// How a package manager installs what it has fetched before, without the network.
struct OfflineInstall {
  std::string_view manager;
  WordList installs;  // subcommands, between blanks
  WordList offline;   // options that keep it from the network, between blanks
  WordList fetches;   // subcommands that only fetch, between blanks; may be empty
};

// Null for one that is not in the table. The answer lives as long as the program.
const OfflineInstall* offline_install(std::string_view manager);

}  // namespace bulkhead::facts
