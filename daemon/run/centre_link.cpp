#include "daemon/run/centre_link.h"

#include <utility>

#include "daemon/centre/subjects.h"
#include "daemon/run/brokers.h"

namespace changtong {
namespace {

std::shared_ptr<centre::broker> broker_of(const settings& s) {
  if (!s.centre->nats) return nullptr;
  centre::broker_place where = place_of_node(*s.centre->nats, s.node);
  if (s.centre->may_probe || s.centre->may_request || s.centre->may_approve)
    where.hears = {{.name = centre::subject_of(centre::command_subject, s.node), .group = {}}};
  return std::make_shared<centre::broker>(std::move(where));
}

shipping_way way_of(const settings& s, std::shared_ptr<centre::broker> by, host::look_up names) {
  if (by) return over_nats(std::move(by), s.node);
  return over_http(wire::parse_web_address(s.centre->url + std::string(centre_path)).value(),
                   {.token = s.centre->token,
                    .ca_file = s.centre->ca_file,
                    .certificate_file = s.centre->certificate_file,
                    .key_file = s.centre->key_file},
                   std::move(names));
}

}  // namespace

centre_link::centre_link(const settings& s, host::look_up names, doors d)
    : broker_(broker_of(s)),
      post_(
          {.way = way_of(s, broker_, std::move(names)),
           .ledger = s.ledger,
           .whom = {"中心", "the centre"},
           .forked = {"中心的副本与本机账本从某条起不同（本机恢复过备份，或清空过账本）：中心什么也不收，等中心的管理员"
                      "用 changtong centre branch 另起分支；本机的账照记",
                      "the centre's copy and this ledger went different ways (a backup was restored here, or a ledger "
                      "begun anew): the centre takes nothing until somebody there begins a branch with `changtong "
                      "centre branch`; the books here go on"}},
          tallies_) {
  if (!broker_) return;
  if (!s.centre->may_probe) d.probe = {};
  if (!s.centre->may_request && !s.centre->may_approve) d.enter = {};
  talk_ = std::make_unique<centre_talk>(centre_talk::doors{.by = broker_,
                                                           .node = s.node,
                                                           .ledger = s.ledger,
                                                           .boards = d.boards,
                                                           .found = [this] { post_.heard(); },
                                                           .probe = std::move(d.probe),
                                                           .enter = std::move(d.enter),
                                                           .may_request = s.centre->may_request,
                                                           .may_approve = s.centre->may_approve,
                                                           .zone = s.zone});
}

}  // namespace changtong
