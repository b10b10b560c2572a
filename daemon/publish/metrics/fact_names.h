#pragma once
/** The part of names.h about what answers carry (core/fact.def says which fact is told as which metric); included there
 * and nowhere else. What an interface has carries `interface`: its ifIndex,
 * or the name by which the check knows it. */

// X(identifier, type, unit, help), as in names.h.
#define CHANGTONG_FACT_METRICS(X)                                                                                     \
  X(line_in_octets_total, counter, "octets", "接口入向字节数，设备自身计数 (ifHCInOctets, the device's own counter)") \
  X(line_out_octets_total, counter, "octets", "接口出向字节数，设备自身计数 (ifHCOutOctets, the device's counter)")   \
  X(line_in_errors_total, counter, "", "接口入向错误包 (ifInErrors)")                                                 \
  X(line_out_errors_total, counter, "", "接口出向错误包 (ifOutErrors)")                                               \
  X(line_interface_oper_status, gauge, "", "接口运行状态，RFC 2863：1 通，2 断 (ifOperStatus: 1 up, 2 down)")         \
  X(line_interface_admin_status, gauge, "", "接口管理状态，RFC 2863：1 启用，2 关闭 (ifAdminStatus: 1 up, 2 down)")   \
  X(line_in_discards_total, counter, "", "接口入向丢弃包 (ifInDiscards)")                                             \
  X(line_interface_speed, gauge, "", "接口速率，比特每秒 (ifHighSpeed, bit/s)")                                       \
  X(line_in_use_ratio, gauge, "ratio", "入向带宽利用率 (received, of the bandwidth)")                                 \
  X(line_out_use_ratio, gauge, "ratio", "出向带宽利用率 (sent, of the bandwidth)")                                    \
  X(line_optical_receive_power_dbm, gauge, "", "收光功率 dBm (optical power received)")                               \
  X(line_optical_transmit_power_dbm, gauge, "", "发光功率 dBm (optical power sent)")                                  \
  X(line_processor_use_ratio, gauge, "ratio", "设备处理器利用率 (the device's busiest processor)")                    \
  X(line_memory_use_ratio, gauge, "ratio", "设备内存利用率 (the device's fullest memory)")                            \
  X(line_temperature_celsius, gauge, "celsius", "设备最高温度 (the device's hottest sensor)")                         \
  X(line_fans_failed, gauge, "", "故障风扇数 (fans that say they failed)")                                            \
  X(line_power_supplies_failed, gauge, "", "故障电源数 (power supplies that say they failed)")                        \
  X(line_burst_loss_ratio, gauge, "ratio", "一组连发探测的丢包率 (lost of the last burst)")                           \
  X(line_burst_median_seconds, gauge, "seconds", "一组连发探测的时延中位数 (median round trip of the last burst)")    \
  X(line_burst_jitter_seconds, gauge, "seconds", "抖动，RFC 3550 (jitter of round trips)")                            \
  X(site_phase_seconds, gauge, "seconds", "最近一次访问各阶段用时 (parts of the last visit)")                         \
  X(site_http_status, gauge, "", "最近一次访问的 HTTP 状态码 (HTTP status of the last visit)")                        \
  X(site_protocol, gauge, "", "最近一次访问的协议：http 10/11，tls 10–13，ip 4/6 (what the last visit spoke)")        \
  X(site_certificate_expiry_timestamp_seconds, gauge, "seconds", "证书到期时刻 (when the certificate expires)")
