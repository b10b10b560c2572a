#pragma once
/** What may be wrong with the monitor itself, as an alert of its own (alert_subject::own) names it. */
#include <algorithm>
#include <array>
#include <string_view>

namespace changtong::alerts {

struct own_fault {
  std::string_view name;     ///< in the journal, for ever
  std::string_view chinese;  ///< what is wrong
  std::string_view means;    ///< what it does to the books and to whom it matters
};
inline constexpr std::array<own_fault, 12> own_faults{{
    {"uplink", "本单位上联中断，锚点全部无应答", "线路状态无从得知，记为未观测，不算任何线路的中断"},
    {"blind", "本机发不出探测，全部检查均未测得",
     "线路状态无从得知，记为未观测，不算任何线路的中断；请检查本机网卡、路由与权限"},
    {"anchors", "有锚点无应答，而线路有应答", "少了一个判断本单位上联的依据，请检查锚点地址或设备"},
    {"paused", "监测停顿（进程或主机曾被挂起，或时钟跳变）", "这段时间没有探测，记为未观测，不算任何线路的中断"},
    {"ledger", "账本无法写入", "中断照常告警，注明“未入账”，恢复后补记；请检查磁盘空间与权限"},
    {"clock", "系统时钟不同步或跳变未确认", "记录的时刻可能不准，请检查时间同步，或用 changtong clock confirm 确认"},
    {"disk", "磁盘空间不足", "账本即将无法写入，请清理或扩容"},
    {"verification", "账本核验未通过", "账本可能被改动，请保存现场并查看日志"},
    {"audit", "审计日志无法写入", "谁登录、查阅、更改只在 syslog 里，请检查磁盘空间与权限"},
    {"seals", "封存未完成", "前一日尚未签名封存，请查看日志与密钥文件"},
    {"late", "探测调度延迟", "部分时段未能按时探测，记为未观测；请检查本机负荷"},
    {"nobody", "告警无人可达", "当前值守人员没有可用的联系方式或渠道，请检查人员、值班表与渠道配置"},
}};
/** alert_record::of of a resolved step: the fault was over when it was told, with its end, and nobody is told again. */
inline constexpr std::string_view told_when_over = "told";
/** Stands still and knows of it afterwards: its end is known when it is told. */
inline constexpr std::string_view standstill = "paused";
[[nodiscard]] constexpr const own_fault* own_fault_named(std::string_view name) {
  const auto* const found = std::ranges::find(own_faults, name, &own_fault::name);
  return found == own_faults.end() ? nullptr : found;
}

}  // namespace changtong::alerts
