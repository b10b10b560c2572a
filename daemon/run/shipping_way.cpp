#include "daemon/run/shipping_way.h"

#include <fmt/format.h>

#include <utility>

#include "daemon/core/plain_text.h"

namespace changtong {
namespace {

constexpr unsigned status_fork = 409;

}  // namespace

/** Who is no Changtong may answer with what was sent to them. */
phrase words_of_answer(const std::string& body) {
  if (auto ours = ledger::read_refusal(body)) return std::move(*ours);
  return as_written(body.find("earer ") == std::string::npos ? as_seen(body, 200) : std::string("…"));
}

problem not_understood() {
  return said({"对方的回答看不懂：地址或端口不对，或两台的版本不同",
               "the answer is not understood: the address is wrong, or the versions of the two differ"});
}

shipping_way over_http(wire::web_address to, shipping_papers papers, host::look_up names) {
  return {.carry = [to = std::move(to), papers = std::move(papers), names = std::move(names)](
                       std::string body, milliseconds patience, const std::stop_token& stop) -> result<carried> {
    host::http_post what{
        .url = secret(fmt::format("{}://{}{}", to.tls ? "https" : "http", wire::host_header(to), to.target)),
        .headers = {{"Authorization", secret("Bearer " + papers.token.reveal())}},
        .content_type = "application/jsonl",
        .body = std::move(body)};
    const auto answer = host::post({.what = std::move(what),
                                    .ca_file = papers.ca_file,
                                    .certificate_file = papers.certificate_file,
                                    .key_file = papers.key_file,
                                    .names = names,
                                    .patience = patience,
                                    .most_body = 4096},
                                   stop);
    if (!answer) return answer.error();
    if (answer->status == status_fork) return carried{};
    if (answer->status != 200)
      return said(both("HTTP 状态 {}：{}", "HTTP status {}: {}", answer->status, words_of_answer(answer->body)));
    if (auto read = ledger::read_shipment_answer(answer->body)) return carried(*read);
    return not_understood();
  }};
}

}  // namespace changtong
