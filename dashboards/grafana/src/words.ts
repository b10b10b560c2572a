/** What values are called and which colour they have, the same on every board. */
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

export const green = 'green';
export const yellow = 'yellow';
export const orange = 'orange';
export const red = 'red';
export const grey = '#8e8e8e';
export const blue = 'blue';

type Result = { text?: string; color?: string };

const values = (of: Record<string, Result>): dashboard.ValueMapping => ({
  type: dashboard.MappingType.ValueToText,
  options: Object.fromEntries(Object.entries(of).map(([key, result], index) => [key, { ...result, index }])),
});

/** changtong_line_state, changtong_site_state */
export const states = [
  values({
    '0': { text: '未知', color: grey },
    '1': { text: '通', color: green },
    '2': { text: '断', color: red },
    '3': { text: '劣化', color: yellow },
  }),
];
export const yesNo = [values({ '0': { text: '否', color: red }, '1': { text: '是', color: green } })];
export const noYes = [values({ '0': { text: '否', color: green }, '1': { text: '是', color: red } })];
export const operStatus = [
  values({
    '1': { text: '通', color: green },
    '2': { text: '断', color: red },
    '3': { text: '测试', color: yellow },
    '5': { text: '休眠', color: yellow },
    '7': { text: '下层断', color: red },
  }),
];
/** changtong_indicator_light, 绩效运行监控的红黄绿 */
export const lights = [
  values({
    '0': { text: '无数据', color: grey },
    '1': { text: '红', color: red },
    '2': { text: '黄', color: yellow },
    '3': { text: '绿', color: green },
  }),
];
/** changtong_indicator_standing */
export const standings = [
  values({
    '0': { text: '未评定', color: orange },
    '1': { text: '证据不足', color: red },
    '2': { text: '已计分', color: green },
  }),
];
/** 2 stands for "nothing was down, but not everything was observed" (see shown() in expressions.ts). */
export const ratios = [values({ '2': { text: '未观测到中断', color: green } })];
export const categories = [
  values({
    township: { text: '乡镇街' },
    village: { text: '村/社区' },
    health: { text: '卫生' },
    education: { text: '教育' },
    department: { text: '区直' },
    backbone: { text: '骨干' },
    website: { text: '网站' },
  }),
];
export const windows = [
  values({ today: { text: '今日' }, month: { text: '本月' }, year: { text: '本年' } }),
];

export type Step = [from: number | null, color: string];
export const steps = (...all: Step[]): dashboard.Threshold[] => all.map(([value, color]) => ({ value, color }));

/** Of an availability: the usual clauses of contracts lie between; a board with a contract uses its own target. */
export const availabilitySteps = steps([null, red], [0.99, orange], [0.999, yellow], [0.9999, green]);
export const coverageSteps = steps([null, red], [0.95, orange], [0.99, green]);
export const badCountSteps = steps([null, green], [1, red]);
export const warnCountSteps = steps([null, green], [1, yellow]);
export const plain = steps([null, blue]);
