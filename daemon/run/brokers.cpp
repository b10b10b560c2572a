#include "daemon/run/brokers.h"

#include <utility>

#include "daemon/centre/subjects.h"
#include "daemon/core/phrase.h"

namespace changtong {
namespace {

constexpr std::string_view fork = R"({"error":{"code":"fork")", centre_answers = "ct.asked";

centre::broker_place place_of(const broker_settings& s, std::string name, std::string answers) {
  return {.servers = s.servers,
          .tls = s.tls,
          .ca_file = s.ca_file,
          .user = s.user,
          .password = s.password,
          .token = s.token,
          .name = std::move(name),
          .answers = std::move(answers)};
}

}  // namespace

centre::broker_place place_of_node(const broker_settings& s, const std::string& node) {
  return place_of(s, "changtong " + node, centre::subject_of(centre::answers_subject, node));
}

centre::broker_place place_of_centre(const broker_settings& s) {
  return place_of(s, "changtong centre", std::string(centre_answers));
}

shipping_way over_nats(std::shared_ptr<centre::broker> by, const std::string& node) {
  return {.carry = [by, subject = centre::subject_of(centre::shipping_subject, node)](
                       const std::string& body, milliseconds patience, const std::stop_token& stop) -> result<carried> {
            const auto answer = by->ask(subject, body, patience, stop);
            if (!answer) return answer.error();
            if (auto read = ledger::read_shipment_answer(*answer)) return carried(*read);
            if (answer->starts_with(fork)) return carried{};
            if (answer->starts_with('{'))
              return said(both("中心没有收下：{}", "the centre did not take it: {}", words_of_answer(*answer)));
            return not_understood();
          },
          // last: the one before has its own
          .most_bytes = [by = std::move(by)] { return by->most_bytes(); }};
}

}  // namespace changtong
