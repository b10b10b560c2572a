#include "daemon/cli/report_command.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "daemon/books/report_figures.h"
#include "daemon/cli/books_command.h"
#include "daemon/cli/ending.h"
#include "daemon/host/plain_file.h"
#include "daemon/ledger/key.h"
#include "daemon/ledger/ledger_files.h"
#include "daemon/report/report_layout.h"
#include "daemon/report/web_page.h"
#include "daemon/report/workbook.h"
#include "daemon/run/watch.h"

namespace changtong {
namespace {

namespace fs = std::filesystem;

/** Where each format goes; empty = not wanted. */
struct destinations {
  std::string xlsx, html;
};

result<destinations> destinations_of(const report_options& o, const std::string& token) {
  if (o.out.ends_with(".xlsx")) return destinations{o.out, {}};
  if (o.out.ends_with(".html")) return destinations{{}, o.out};
  destinations d;
  for (std::string_view rest = o.format; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view word = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    std::string& to = word == "xlsx" ? d.xlsx : d.html;
    if (word != "xlsx" && word != "html")
      return problem{.text = fmt::format("--format 只能是 xlsx、html / unknown format: {}", word.substr(0, 32))};
    to = (fs::path(o.out) / fmt::format("changtong-report-{}.{}", token, word)).string();
  }
  std::error_code e;
  fs::create_directories(o.out, e);
  if (e) return problem{.text = fmt::format("{}: 无法建立目录：{} / cannot make the folder", o.out, e.message())};
  return d;
}

result<void> write_text(const std::string& text, const std::string& path) {
  const std::string part = path + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  std::error_code e;
  if (out) fs::rename(part, path, e);
  if (out && !e) return {};
  fs::remove(part, e);
  return problem{.text = fmt::format("{}: 无法写入；检查目录是否可写、有空间 / cannot be written", path)};
}

/** Of the newest key that seals the ledger, in the form that `ledger verify --fingerprint` takes; empty where there is
 * no LEDGER.pub beside it. */
result<std::string> fingerprint_of(const std::string& ledger) {
  const std::string path = ledger::public_file_of(ledger);
  if (!host::plain_file_exists(path)) return result<std::string>(boost::system::in_place_value, "");
  const auto pem = host::read_plain_file(path, 64 * 1024);
  if (!pem) return problem{.text = fmt::format("{}: {}", path, pem.error().text)};
  const auto keys = ledger::read_public_keys(*pem);
  if (!keys) return problem{.text = fmt::format("{}: {}", path, keys.error().text)};
  return result<std::string>(boost::system::in_place_value,
                             keys->empty() ? "" : ledger::short_form(keys->back().fingerprint()));
}

struct opened {
  std::unique_ptr<ledger::reader> reader;
  report_request request;
};

result<opened> open_report(const report_options& o) {
  const auto step = sampling_step(o.step);
  if (!step) return step.error();
  auto reader = ledger::reader::open(o.ledger, {.frozen = !o.reopened});
  if (!reader) return reader.error();
  opened all{.reader = std::move(*reader), .request = {}};
  all.request.now = all.reader->now(system_clocks().wall());
  all.request.step = *step;
  if (!o.as_known_at.empty()) {
    const auto known = all.reader->zone().parse(o.as_known_at);
    if (!known) return problem{.text = "--as-known-at: " + known.error().text};
    all.request.as_known_at = known->to;
    all.request.now = std::min(all.request.now, known->to);
    reader = ledger::reader::open(o.ledger, {.as_known_at = known->to, .frozen = !o.reopened});
    if (!reader) return reader.error();
    all.reader = std::move(*reader);
  }
  auto when = report_period_named(all.reader->zone(), o.period);
  if (!when) return when.error();
  if (when->when.from >= all.request.now) return problem{.text = "--period 尚未开始 / the period has not begun"};
  all.request.when = std::move(*when);
  auto print = fingerprint_of(o.ledger);
  if (!print) return print.error();
  all.request.fingerprint = std::move(*print);
  return all;
}

}  // namespace

result<milliseconds> sampling_step(std::string_view text) {
  const problem bad{.text = fmt::format("--step 只能是 1s 至 24h，如 30s、5m、1h / no step: '{}'", text.substr(0, 32))};
  if (text.size() < 2 || text.size() > 8) return bad;
  const char unit = text.back();
  const std::int64_t scale = unit == 's' ? 1000 : unit == 'm' ? 60'000 : unit == 'h' ? 3'600'000 : 0;
  std::int64_t n = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size() - 1, n);
  if (failed != std::errc{} || end != text.data() + text.size() - 1 || scale == 0 || n < 1 || n * scale > 86'400'000)
    return bad;
  return milliseconds{n * scale};
}

int report_command(const report_options& o) try {
  const auto source = open_report(o);
  if (!source) return fail(source.error());
  const auto to = destinations_of(o, source->request.when.token);
  if (!to) return fail(to.error());
  const auto values = gather_report(*source->reader, source->request);
  if (!values) return fail(exit_cannot, to_string(values.error()));
  const report::document d = report::layout(*values);
  if (!to->xlsx.empty())
    if (const auto done = report::write_workbook(d, to->xlsx); !done) return fail(exit_cannot, to_string(done.error()));
  if (!to->html.empty())
    if (const auto done = write_text(report::write_web_page(d), to->html); !done)
      return fail(exit_cannot, to_string(done.error()));
  fmt::print("{}：专线 {} 条，网站 {} 个，中断 {} 次，{}\n", values->head.title, values->all.lines, values->all.sites,
             values->all.sums.outages, availability::chinese_ratio(values->all.sums));
  for (const std::string& path : {to->xlsx, to->html})
    if (!path.empty()) fmt::print("已写入 / written: {}\n", path);
  return exit_ok;
} catch (const std::exception& e) {
  return fail(exit_cannot, e.what());
}

int hand_out_workbook(const report::document& d, const std::string& out) {
  if (!out.empty()) {
    const auto done = report::write_workbook(d, out);
    if (!done) return fail(exit_cannot, to_string(done.error()));
    fmt::print("已写入 / written: {}\n", out);
    return exit_ok;
  }
  if (isatty(STDOUT_FILENO) != 0)
    return fail(exit_usage, "--out FILE.xlsx：XLSX 不能显示在终端上 / a workbook cannot be shown on a terminal");
  std::error_code e;
  std::string folder = (fs::temp_directory_path(e) / "changtong-XXXXXX").string();
  if (e || mkdtemp(folder.data()) == nullptr) return fail(exit_cannot, "没有临时目录 / no temporary folder");
  const std::string path = folder + "/book.xlsx";
  const auto done = report::write_workbook(d, path);
  bool whole = false;
  if (done) {
    std::ifstream in(path, std::ios::binary);
    std::array<char, 65536> piece{};
    while (in.read(piece.data(), piece.size()), in.gcount() > 0)
      std::fwrite(piece.data(), 1, static_cast<std::size_t>(in.gcount()), stdout);
    whole = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  }
  fs::remove_all(folder, e);
  if (!done) return fail(exit_cannot, to_string(done.error()));
  return whole ? exit_ok : fail(exit_cannot, "无法写到标准输出 / stdout cannot be written");
}

}  // namespace changtong
