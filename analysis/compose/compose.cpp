#include "analysis/compose/compose.h"

#include <algorithm>
#include <utility>

#include "analysis/compose/interpolation.h"
#include "analysis/text/ascii.h"
#include "analysis/text/line_begin.h"
#include "analysis/text/path.h"

namespace bulkhead {
namespace {

using yaml::Field;
using yaml::Node;

// Services that extend one another in a circle, or a tower of them.
constexpr std::size_t max_extends = 16;

// Of the host, with the home of whoever calls compose as `~`, and their folder in /run as that of the first
// user; `//run` is `/run`.
std::optional<std::string> host_path(std::string_view text) {
  constexpr std::string_view runtime = "/run/user/1000";
  for (const auto& [variable, path] :
       {std::pair("$HOME", std::string_view("~")), std::pair("${HOME}", std::string_view("~")),
        std::pair("$XDG_RUNTIME_DIR", runtime), std::pair("${XDG_RUNTIME_DIR}", runtime)}) {
    if (!text.starts_with(variable)) continue;
    const std::string_view rest = text.substr(std::string_view(variable).size());
    if (!rest.empty() && rest.front() != '/' && rest.front() != ':') continue;
    const auto known = interpolate(rest);
    return known ? std::optional(std::string(path) + *known) : std::nullopt;
  }
  auto path = interpolate(text);
  if (path && path->starts_with("//"))
    path->erase(0, std::min(path->find_first_not_of('/'), path->size()) - 1);
  return path;
}

// The text of a scalar with its variables, or nothing.
std::optional<std::string> known(const Node* node) {
  if (!node || node->kind != Node::Kind::scalar) return std::nullopt;
  return interpolate(node->text);
}

// [[address:]published:]target[/protocol]
std::optional<PublishedPort> short_port(const Node& node) {
  const auto text = interpolate(node.text);
  if (!text) return std::nullopt;
  PublishedPort port{.node = &node};
  std::string_view rest = *text;
  if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos) {
    port.protocol = lower_case(rest.substr(slash + 1));
    rest = rest.substr(0, slash);
  }
  const std::size_t target = rest.rfind(':');
  const auto inside = parse_port_range(rest.substr(target + 1));  // npos + 1 is 0
  if (!inside) return std::nullopt;
  port.target = *inside;
  port.any_free = target == std::string_view::npos;
  if (port.any_free) return port;
  rest = rest.substr(0, target);
  const std::size_t published = rest.rfind(':');
  // The colons of an address stand in brackets.
  const bool address = published != std::string_view::npos;
  port.published = parse_port_range(rest.substr(address ? published + 1 : 0));
  if (address) port.host = rest.substr(0, published);
  return port;
}

std::optional<PublishedPort> long_port(const Node& node) {
  const auto target = known(node.get("target"));
  const auto inside = target ? parse_port_range(*target) : std::nullopt;
  if (!inside) return std::nullopt;
  PublishedPort port{.node = &node, .target = *inside};
  if (const auto published = known(node.get("published")))
    port.published = parse_port_range(*published);
  port.any_free = node.get("published") == nullptr;
  port.host = known(node.get("host_ip")).value_or("");
  port.protocol = lower_case(known(node.get("protocol")).value_or("tcp"));
  return port;
}

bool is_propagation(std::string_view option) {
  return option == "shared" || option == "rshared" || option == "slave" || option == "rslave" ||
         option == "private" || option == "rprivate";
}

// [source:]target[:options]
std::optional<ServiceMount> short_mount(const Node& node) {
  const auto text = host_path(node.text);
  if (!text) return std::nullopt;
  ServiceMount mount{.node = &node};
  // C:\data:/data: the first colon belongs to the drive.
  const bool drive = text->size() > 2 && is_letter((*text)[0]) && (*text)[1] == ':' &&
                     ((*text)[2] == '\\' || (*text)[2] == '/');
  const std::size_t source = text->find(':', drive ? 2 : 0);
  if (source == std::string::npos) {
    mount.target = *text;
    return mount;
  }
  mount.source = text->substr(0, source);
  const std::size_t target = text->find(':', source + 1);
  mount.target = text->substr(source + 1, target - source - 1);
  if (target == std::string::npos) return mount;
  std::string_view options = std::string_view(*text).substr(target + 1);
  while (!options.empty()) {
    const std::size_t comma = std::min(options.find(','), options.size());
    const std::string_view option = options.substr(0, comma);
    mount.read_only = mount.read_only || option == "ro";
    if (is_propagation(option)) mount.propagation = option;
    options.remove_prefix(std::min(comma + 1, options.size()));
  }
  return mount;
}

std::optional<ServiceMount> long_mount(const Node& node) {
  ServiceMount mount{.node = &node};
  for (const char* key : {"source", "src"}) {
    const Node* source = node.get(key);
    if (source && source->kind == Node::Kind::scalar && mount.source.empty())
      mount.source = host_path(source->text).value_or("");
  }
  mount.target =
      known(node.get("target"))
          .value_or(known(node.get("dst")).value_or(known(node.get("destination")).value_or("")));
  if (const Node* read_only = node.get("read_only")) mount.read_only = read_only->is(true);
  if (const Node* bind = node.get("bind"))
    mount.propagation = known(bind->get("propagation")).value_or("");
  return mount;
}

template <class Item>
std::vector<Item> read_list(const Node* list, std::optional<Item> (*short_form)(const Node&),
                            std::optional<Item> (*long_form)(const Node&)) {
  std::vector<Item> items;
  if (!list) return items;
  for (const Node& node : list->items) {
    auto item = node.kind == Node::Kind::mapping  ? long_form(node)
                : node.kind == Node::Kind::scalar ? short_form(node)
                                                  : std::nullopt;
    if (item) items.push_back(*std::move(item));
  }
  return items;
}

// What a volume of the file is when it is no more than a name for a path of the host:
// `driver_opts: {type: none, o: bind, device: PATH}`.
std::optional<std::string> device_of(const Node& volume) {
  const Node* options = volume.get("driver_opts");
  const std::string how = options ? known(options->get("o")).value_or("") : "";
  const bool binds = how.find("bind") != std::string::npos;
  return binds ? known(options->get("device")) : std::nullopt;
}

// The service of the same file that `service` extends.
const Field* extended(const ComposeFile& file, const Field& service) {
  const Node* extends = service.value.get("extends");
  if (!extends || extends->get("file")) return nullptr;
  const Node* name = extends->kind == Node::Kind::mapping ? extends->get("service") : extends;
  return name ? file.service_field(name->text) : nullptr;
}

// `service`, and those of the same file that it extends, its own fields first.
std::vector<const Field*> lineage(const ComposeFile& file, const Field* service) {
  std::vector<const Field*> all;
  for (; service && all.size() < max_extends; service = extended(file, *service))
    all.push_back(service);
  return all;
}

std::size_t end_of_line(std::string_view text, std::size_t at) {
  return std::min(text.find('\n', at), text.size());
}

std::size_t indentation(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// An item of a list in brackets with the way to its neighbour; none where a comment or an alias is in between.
std::optional<TextEdit> remove_from_brackets(const ComposeFile& file, const Node& list,
                                             const Node& item) {
  const auto at = std::ranges::find(list.items, &item, [](const Node& each) { return &each; });
  if (at == list.items.end()) return std::nullopt;
  const bool is_first = at == list.items.begin();
  const Span gap = is_first ? Span{item.span.end, std::next(at)->span.begin}
                            : Span{std::prev(at)->span.end, item.span.begin};
  if (gap.begin > gap.end || !list.span.covers(gap) ||
      file.text(gap).find_first_not_of(" \t\r\n,") != std::string_view::npos)
    return std::nullopt;
  return TextEdit{is_first ? Span{item.span.begin, gap.end} : Span{gap.begin, item.span.end}, ""};
}

// As interpolate(), of a text with `depth` defaults around it.
std::optional<std::string> interpolated(std::string_view text, std::size_t depth) {
  if (depth > max_defaults) return std::nullopt;
  std::string out;
  while (!text.empty()) {
    const std::size_t dollar = std::min(text.find('$'), text.size());
    out += text.substr(0, dollar);
    text.remove_prefix(dollar);
    if (text.empty()) break;
    if (text.starts_with("$$")) {
      out += '$';
      text.remove_prefix(2);
      continue;
    }
    if (!text.starts_with("${")) return std::nullopt;
    std::size_t end = 2;
    for (int open = 1; end < text.size(); ++end) {
      if (text[end] == '{') ++open;
      if (text[end] == '}' && --open == 0) break;
    }
    // ${NAME-default} or ${NAME:-default}; all else is not known here.
    const std::string_view inner = text.substr(2, end - 2);
    const std::size_t dash = inner.find('-');
    const std::size_t name_end = std::min(inner.find_first_of(":?+-"), inner.size());
    const bool has_default = end < text.size() && dash < inner.size() &&
                             (name_end == dash || (inner[name_end] == ':' && name_end + 1 == dash));
    if (!has_default) return std::nullopt;
    const auto fallback = interpolated(inner.substr(dash + 1), depth + 1);
    if (!fallback) return std::nullopt;
    out += *fallback;
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

std::optional<std::string> interpolate(std::string_view text) {
  return interpolated(text, 0);
}

std::string ServiceBuild::path() const {
  return clean_path(dockerfile.starts_with('/') ? dockerfile : context + "/" + dockerfile);
}

const Field* Service::field(std::string_view key) const {
  for (const Field* service : lineage(*file_, field_)) {
    if (const Field* found = service->value.field(key)) return found;
  }
  return nullptr;
}

const Node* Service::get(std::string_view key) const {
  const Field* found = field(key);
  return found ? &found->value : nullptr;
}

bool Service::extends_unknown() const {
  return lineage(*file_, field_).back()->value.get("extends") != nullptr;
}

bool Service::extends(const Service& other) const {
  const auto all = lineage(*file_, field_);
  return std::ranges::find(all.begin() + 1, all.end(), other.field_) != all.end();
}

std::vector<PublishedPort> Service::ports() const {
  return read_list(get("ports"), short_port, long_port);
}

std::vector<ServiceMount> Service::mounts() const {
  std::vector<ServiceMount> mounts = read_list(get("volumes"), short_mount, long_mount);
  const Node* volumes = file_->get("volumes");
  if (!volumes) return mounts;
  for (ServiceMount& mount : mounts) {
    const Node* volume = mount.source.empty() ? nullptr : volumes->get(mount.source);
    if (!volume) continue;
    if (auto device = device_of(*volume)) mount.source = *std::move(device);
  }
  return mounts;
}

std::optional<ServiceBuild> Service::build() const {
  // What it extends is merged into what it says itself.
  std::vector<const Node*> parts;
  for (const Field* service : lineage(*file_, field_)) {
    const Node* part = service->value.get("build");
    if (part && (part->kind == Node::Kind::scalar || part->kind == Node::Kind::mapping))
      parts.push_back(part);
  }
  if (parts.empty()) return std::nullopt;
  const auto find = [&](std::string_view key) -> const Node* {
    for (const Node* part : parts) {
      if (part->kind == Node::Kind::scalar && key == "context") return part;
      if (const Node* value = part->get(key)) return value;
    }
    return nullptr;
  };
  ServiceBuild build{.span = parts.front()->span};
  build.in_place = find("dockerfile_inline") != nullptr;
  build.names_context = find("context") != nullptr;
  build.has_arguments = find("args") != nullptr;
  for (const auto& [key, part] :
       {std::pair("context", &build.context), std::pair("dockerfile", &build.dockerfile),
        std::pair("target", &build.target)}) {
    const Node* value = find(key);
    if (!value) continue;
    const auto text = known(value);
    if (!text) return std::nullopt;
    *part = *text;
  }
  return build;
}

ComposeFile::ComposeFile(std::string text, Parser parser)
    : Snapshot(std::move(text)), parser_(parser), read_(parser(text_)) {
  if (const Node* services = get("services")) services_ = services->fields_by_name();
}

std::shared_ptr<const ComposeFile> ComposeFile::create(std::string text, Parser parser) {
  return std::shared_ptr<const ComposeFile>(new ComposeFile(std::move(text), parser));
}

std::shared_ptr<const Snapshot> ComposeFile::after(std::span<const TextEdit> edits) const {
  return create(edited(text_, edits), parser_);
}

std::vector<Service> ComposeFile::services() const {
  std::vector<Service> services;
  const Node* all = get("services");
  if (!all) return services;
  for (const Field& field : all->fields) {
    if (field.value.kind == Node::Kind::mapping && field.key.text != "<<") {
      services.emplace_back(*this, field);
    }
  }
  return services;
}

const Field* ComposeFile::service_field(std::string_view name) const {
  const auto found = services_.find(name);
  return found == services_.end() ? nullptr : found->second;
}

Span ComposeFile::block_at(std::uint32_t begin) const {
  const std::string_view all = text();
  std::size_t end = end_of_line(all, begin);
  const std::size_t first = line_begin(all, begin);
  const std::size_t depth = indentation(all.substr(first));
  const bool item = all.substr(begin).starts_with('-');
  while (end < all.size()) {
    const std::size_t next = end_of_line(all, end + 1);
    const std::string_view line = all.substr(end + 1, next - end - 1);
    const std::size_t inner = indentation(line);
    const std::string_view content = trimmed(line);
    // The items of a list may stand as far left as its key.
    const bool belongs =
        content.empty() || inner > depth || (inner == depth && !item && content.starts_with("- "));
    if (!belongs) break;
    end = next;
  }
  return {begin, static_cast<std::uint32_t>(end)};
}

std::vector<Snapshot::Remark> ComposeFile::remarks() const {
  std::vector<Remark> remarks;
  std::size_t pending = 0;  // the first remark that waits for the entry below
  for (std::size_t at = 0; at < text().size();) {
    const std::size_t end = end_of_line(text(), at);
    const std::string_view line = text().substr(at, end - at);
    const auto begin = static_cast<std::uint32_t>(at + indentation(line));
    const std::string_view content = trimmed(line);
    if (content.starts_with('#')) {
      remarks.push_back(
          {{begin, begin + static_cast<std::uint32_t>(content.size())}, std::nullopt});
    } else if (!content.empty() && pending < remarks.size()) {
      const Span block = block_at(begin);
      for (; pending < remarks.size(); ++pending) remarks[pending].subject = block;
    }
    at = end + 1;
  }
  return remarks;
}

std::optional<Span> ComposeFile::subject_at(std::uint32_t place) const {
  const std::size_t first = line_begin(text(), place);
  const auto begin = static_cast<std::uint32_t>(first + indentation(text().substr(first)));
  return block_at(begin);
}

std::vector<BuiltImage> images_built(const ComposeFile& file, std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  // Another one is merged into it, and says only what is to be otherwise.
  constexpr std::string_view bases[] = {"compose.yaml", "compose.yml", "docker-compose.yaml",
                                        "docker-compose.yml"};
  const bool stands_alone = std::ranges::find(bases, name) != std::end(bases);
  std::vector<BuiltImage> images;
  for (const Service& service : file.services()) {
    const auto build = service.build();
    if (!build || build->in_place) continue;
    if (!build->names_context && (!stands_alone || service.extends_unknown())) continue;
    images.push_back({.service = std::string(service.name()),
                      .file = build->path(),
                      .target = build->target,
                      .has_arguments = build->has_arguments});
  }
  return images;
}

std::vector<BuildingService> services_building(const ComposeFile& file, std::string_view path,
                                               std::string_view dockerfile) {
  const std::string wanted = clean_path(dockerfile);
  std::vector<BuildingService> found;
  for (const BuiltImage& image : images_built(file, path)) {
    const std::string built =
        image.file.starts_with('/') ? image.file : std::string(folder_of(path)) + image.file;
    if (clean_path(built) != wanted) continue;
    const Service service(file, *file.service_field(image.service));
    // Its own command may listen elsewhere.
    const bool is_changed = service.get("command") || service.get("entrypoint");
    const auto ports = is_changed ? std::vector<PublishedPort>() : service.ports();
    const yaml::Node* list = service.get("ports");
    found.push_back({.file = relative_path(folder_of(dockerfile), path),
                     .name = image.service,
                     .target = image.target,
                     .ports = {},
                     .has_arguments = image.has_arguments});
    if (const auto build = service.build()) {
      const std::string context = build->context.starts_with('/')
                                      ? build->context
                                      : std::string(folder_of(path)) + build->context;
      found.back().context = relative_path(folder_of(dockerfile), context + "/x");
      found.back().context.pop_back();
    }
    if (!list || ports.size() != list->items.size()) continue;  // not all are known
    for (const PublishedPort& port : ports)
      found.back().ports.push_back({port.target, port.protocol});
  }
  return found;
}

std::optional<TextEdit> remove_lines(const ComposeFile& file, Span span, std::string_view before) {
  const std::string_view text = file.text();
  const std::uint32_t begin = line_begin(text, span.begin);
  const std::size_t end = end_of_line(text, span.end);
  const std::string_view rest = trimmed(text.substr(span.end, end - span.end));
  if (text.substr(begin, span.begin - begin).find_first_not_of(before) != std::string_view::npos ||
      !(rest.empty() || rest.starts_with('#'))) {
    return std::nullopt;
  }
  return TextEdit{{begin, static_cast<std::uint32_t>(std::min(end + 1, text.size()))}, ""};
}

std::optional<TextEdit> remove(const Service& service, const Field& field) {
  const std::vector<Field>& siblings = service.value().fields;
  const bool own = std::ranges::any_of(siblings, [&](const Field& f) { return &f == &field; });
  if (!own || siblings.size() == 1 || field.is_alias()) return std::nullopt;
  // What it hides would come to light.
  Field rest{{}, service.value()};
  std::erase_if(rest.value.fields, [&](const Field& f) { return f.key.text == field.key.text; });
  if (Service(service.file(), rest).field(field.key.text)) return std::nullopt;
  return remove_lines(service.file(), field.span(), " ");
}

std::optional<TextEdit> remove_item(const Service& service, const Field& field, const Node& item) {
  if (!field.value.span.covers(item.span) || field.is_alias()) return std::nullopt;
  if (field.value.items.size() == 1) return remove(service, field);
  const bool own =
      std::ranges::any_of(service.value().fields, [&](const Field& f) { return &f == &field; });
  if (own && field.value.flow) return remove_from_brackets(service.file(), field.value, item);
  const auto field_lines = remove_lines(service.file(), field.span(), " ");
  const auto item_lines = remove_lines(service.file(), item.span, " -");
  if (!own || !field_lines || !item_lines) return std::nullopt;
  // As a change of the whole field: two items are taken away one after the other, so that the second
  // sees whether it is the last.
  const Span whole = field_lines->span;
  const Span gone = item_lines->span;
  const Snapshot& file = service.file();
  return TextEdit{whole, std::string(file.text({whole.begin, gone.begin})) +
                             std::string(file.text({gone.end, whole.end}))};
}

}  // namespace bulkhead
