#include "daemon/run/centre_link.h"

namespace changtong {

centre_link::centre_link(const settings& s, host::look_up names)
    : post_(
          {.to = wire::parse_web_address(s.centre->url + std::string(centre_path)).value(),
           .token = s.centre->token,
           .ca_file = s.centre->ca_file,
           .names = std::move(names),
           .ledger = s.ledger,
           .whom = {"中心", "the centre"},
           .forked = {"中心的副本与本机账本从某条起不同（本机恢复过备份，或清空过账本）：中心什么也不收，等中心的管理员"
                      "用 changtong centre branch 另起分支；本机的账照记",
                      "the centre's copy and this ledger went different ways (a backup was restored here, or a ledger "
                      "begun anew): the centre takes nothing until somebody there begins a branch with `changtong "
                      "centre branch`; the books here go on"}},
          tallies_) {}

}  // namespace changtong
