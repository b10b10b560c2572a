#include "daemon/audit/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "daemon/core/json.h"
#include "daemon/core/phrase.h"
#include "daemon/core/utf8.h"
#include "daemon/host/digest.h"
#include "daemon/ledger/exact_line.h"

namespace changtong::audit {
namespace {

namespace json = boost::json;

/** What is not there or of another type throws, and this says so. */
template <class T, class Read>
result<T> parsed(std::string_view text, const phrase& what, Read read) {
  const problem no = said(both("不是{}，或被改动过", "it is no {}, or was changed", what));
  try {
    boost::system::error_code failed;
    const json::value v = json::parse(text, failed);
    if (failed) return no;
    return read(v.as_object());
  } catch (const std::exception&) {
    return no;
  }
}

}  // namespace

std::string manifest_text(pack_list list) {
  std::ranges::sort(list.files, {}, &listed_file::name);
  std::string out = fmt::format("{{\"format\":\"{}\",\"files\":[", list.format);
  for (const listed_file& f : list.files) {
    json_object o;
    o.add("name", f.name).add("size", static_cast<std::int64_t>(f.size));
    o.add("sha256", host::hex(ledger::bytes_of(f.sha256)));
    out += (&f == list.files.data() ? "\n" : ",\n") + o.text();
  }
  return out + "\n]}\n";
}

result<pack_list> read_manifest(std::string_view text) {
  if (text.size() > most_manifest_bytes) return said({"清单过大", "the manifest is too large"});
  return parsed<pack_list>(text, {"清单", "manifest"}, [&](const json::object& o) -> result<pack_list> {
    const std::string_view format = o.at("format").as_string();
    if (format != pack_format && format != older_format)
      return said(both("证据包格式 {} 不是本程序认识的 {}、{}，请用相应版本核验",
                       "the pack's format is {}, and this program reads {} and {} only", shortened(format, 100),
                       older_format, pack_format));
    pack_list list{.format = format == pack_format ? pack_format : older_format, .files = {}};
    for (const json::value& v : o.at("files").as_array()) {
      const json::object& f = v.as_object();
      const std::int64_t size = f.at("size").as_int64();
      if (size < 0) throw std::out_of_range("size");
      list.files.push_back(
          {std::string(f.at("name").as_string()), static_cast<std::uint64_t>(size), ledger::digest_at(f, "sha256")});
    }
    if (manifest_text(list) != text) throw std::out_of_range("not canonical");
    return list;
  });
}

std::string signature_text(const manifest_signature& s) {
  json_object o;
  o.add("algorithm", name_of(s.by)).add("key", host::hex(ledger::bytes_of(s.key)));
  o.add("signature", host::hex(s.signature));
  return o.text() + "\n";
}

result<manifest_signature> read_signature(std::string_view text) {
  return parsed<manifest_signature>(text, {"清单签名", "signature of a manifest"},
                                    [&](const json::object& o) -> result<manifest_signature> {
                                      manifest_signature s;
                                      s.by = ledger::algorithm_of(ledger::text_at(o, "algorithm")).value();
                                      s.key = ledger::digest_at(o, "key");
                                      s.signature = ledger::bytes_at(o, "signature");
                                      if (signature_text(s) != text) throw std::out_of_range("not canonical");
                                      return s;
                                    });
}

void running_digest::add(std::string_view bytes) {
  size_ += bytes.size();
  state_.add(bytes);
}

listed_file running_digest::finish(std::string name) { return {std::move(name), size_, state_.finish()}; }

}  // namespace changtong::audit
