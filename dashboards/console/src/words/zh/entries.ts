/** Chinese words of what people enter: windows and duty. */
export const entries = {
  entry: { token: '个人令牌', tokenHint: '配置 api.people 中的令牌；只留在本页的内存里，关闭即忘', cancel: '关闭', done: '已记入账本' },
  windows: {
    state: { requested: '待批准', approved: '已批准', revised: '改后待批', cancelled: '已取消' },
    from: '起',
    to: '止',
    targets: '线路',
    requested: '申请',
    approved: '批准',
    excluded: '实际剔除',
    text: '事由',
    none: '今年没有停机窗口',
    late: '批准过迟',
    short: '提前量不足',
    overrun: '超时 {n}',
    at: '状态',
    act: '操作',
    below: '连同其下各级线路',
    targetsHint: '线路或网站编号，可写多个；* 为全部',
    do: { request: '申请', approve: '批准', revise: '修改', cancel: '取消窗口' },
    means: {
      request: '写入账本，须另一人批准后才从账上剔除；时间按账本的时区。',
      approve: '须由申请人之外的人批准，写入账本。',
      revise: '改后须重新批准；对象不改就不必动。',
      cancel: '尚未开始的取消，正在进行的到此为止，写入账本。',
    },
  },
  duty: { day: '日期', person: '值班人', source: '来源', author: '登记', text: '备注', none: '今年没有值班记录', late: '补登', today: '今日', withdrawn: '已撤回', act: '操作', personHint: '不写为令牌的持有人', do: { add: '登记', withdraw: '撤回' }, means: { add: '写入账本；以后的日子就是排班，告警按它找人。', withdraw: '撤回尚未开始的一天的排班，写入账本。' } },
};

export type EntriesWords = typeof entries;
