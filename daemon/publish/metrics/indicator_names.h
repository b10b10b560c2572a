#pragma once
/** The part of names.h that an evaluation fills; included there and nowhere else. */

// X(identifier, type, unit, help), as in names.h.
#define CHANGTONG_INDICATOR_METRICS(X)                                                                               \
  X(indicator_value, gauge, "", "指标完成值，按指标值的单位；无数值时无此序列 (actual value, in the target's unit)") \
  X(indicator_target, gauge, "", "年度指标值 (the target, in its unit)")                                             \
  X(indicator_score, gauge, "", "得分；证据不足时无此序列 (points; absent while the evidence is not enough)")        \
  X(indicator_weight, gauge, "", "分值 (points that can be had)")                                                    \
  X(indicator_forecast_score, gauge, "", "按目前情况预测的年末得分 (points expected at the end of the year)")        \
  X(indicator_coverage_ratio, gauge, "ratio", "监测覆盖率 (part of the time that was observed)")                     \
  X(indicator_standing, gauge, "", "0 未评定，1 证据不足，2 已计分 (0 undecided, 1 not enough evidence, 2 scored)")  \
  X(indicator_light, gauge, "", "绩效监控：0 无数据，1 红，2 黄，3 绿 (0 no value, 1 red, 2 yellow, 3 green)")       \
  X(evaluation_score, gauge, "", "目前已有的总分 (points so far, execution of the budget included)")                 \
  X(evaluation_forecast_score, gauge, "", "预测的年末总分；缺一项即无 (total expected at the end of the year)")      \
  X(evaluation_execution_ratio, gauge, "ratio", "预算执行率 (execution of the budget)")                              \
  X(evaluation_blocking, gauge, "", "尚不能定稿的原因数 (how many reasons block the final form)")
