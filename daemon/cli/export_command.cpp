// `changtong export sites`: the sites of a configuration as a file of their own.
#include <fmt/core.h>

#include <memory>

#include "daemon/cli/arguments.h"
#include "daemon/cli/ending.h"
#include "daemon/host/plain_file.h"
#include "daemon/settings/settings.h"
#include "daemon/settings/site_list.h"

namespace changtong {
namespace {

int export_sites(const std::string& config) {
  const auto loaded = load(config);
  if (!loaded) return fail(loaded.error());
  const auto yaml = host::read_document(config);
  if (!yaml) return fail(about(config, yaml.error()));
  const auto csv = site_list_as_csv(*yaml);
  if (!csv) return fail(about(config, as(problem_class::no, csv.error())));
  fmt::print("{}", *csv);
  return exit_ok;
}

}  // namespace

void export_arguments(grammar app, int& code) {
  const auto config = std::make_shared<std::string>();
  auto group = app.add_subcommand("export", "配置里的清单存成文件 / lists of the configuration as files");
  group.needs_subcommand();
  group.footer("例 / examples:\n  changtong export sites --config changtong.yaml > sites.csv");
  auto sub = group.add_subcommand(
      "sites",
      "把配置里的网站列表印成 CSV，存到配置旁边、改写 sites: sites.csv 之后，可在浏览器里改 / the listed sites as CSV: "
      "kept beside the configuration, which then says sites: sites.csv, they can be changed in the browser");
  sub.add_option("--config", *config, "配置文件 / the configuration").required();
  sub.footer("例 / examples:\n  changtong export sites --config changtong.yaml > sites.csv");
  sub.callback([config, &code] { code = export_sites(*config); });
}

}  // namespace changtong
