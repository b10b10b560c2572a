#include "daemon/core/system_words.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

namespace changtong {
namespace {

struct row {
  int error;
  std::string_view cn, en;
};

constexpr std::array table{
    row{ENOENT, "没有这个文件", "no such file"},
    row{EACCES, "没有权限", "permission denied"},
    row{EPERM, "系统不允许", "operation not permitted"},
    row{EISDIR, "这是目录", "it is a directory"},
    row{ENOTDIR, "路径中有一段不是目录", "a part of the path is no directory"},
    row{EEXIST, "已经有这个名字", "it is there already"},
    row{ENOSPC, "磁盘已满", "no space left on the disk"},
    row{EDQUOT, "磁盘配额已用完", "the disk quota is used up"},
    row{EROFS, "文件系统只读", "the file system is read-only"},
    row{EIO, "磁盘读写出错", "input/output error"},
    row{EFBIG, "文件过大", "the file is too large"},
    row{EMFILE, "本程序打开的文件过多", "too many files open in this program"},
    row{ENFILE, "系统打开的文件过多", "too many files open on this system"},
    row{ENAMETOOLONG, "名称过长", "the name is too long"},
    row{ELOOP, "符号链接绕成了圈", "too many symbolic links"},
    row{ENXIO, "设备或管道的另一端不在", "no such device, or nobody at the other end"},
    row{ENODEV, "没有这个设备", "no such device"},
    row{EBUSY, "正被占用", "it is in use"},
    row{ETXTBSY, "正在运行的程序文件", "the file is a running program"},
    row{EXDEV, "不在同一个文件系统", "it is on another file system"},
    row{ENOMEM, "内存不足", "out of memory"},
    row{EINTR, "被中断", "interrupted"},
    row{EINVAL, "参数无效", "invalid argument"},
    row{EAGAIN, "暂时不可用", "not available at the moment"},
    row{EPIPE, "管道的另一端已关闭", "the other end of the pipe is closed"},
    row{ECONNREFUSED, "连接被拒绝，对方可能没有运行", "connection refused, it may not be running"},
    row{ECONNRESET, "连接被重置", "connection reset"},
    row{ETIMEDOUT, "超时", "timed out"},
    row{EHOSTUNREACH, "主机不可达", "host unreachable"},
    row{ENETUNREACH, "网络不可达", "network unreachable"},
    row{EADDRINUSE, "地址或端口已被占用", "the address or port is in use"},
    row{EADDRNOTAVAIL, "本机没有这个地址", "this machine has no such address"}};

}  // namespace

phrase system_words(int error) {
  const auto known = std::ranges::find(table, error, &row::error);
  if (known != table.end()) return {std::string(known->cn), std::string(known->en)};
  const std::string own = std::generic_category().message(error);
  return both("系统错误 {}（{}）", "system error {} ({})", error, own);
}

phrase system_words(const std::string& own) {
  const auto known =
      std::ranges::find_if(table, [&](const row& r) { return std::generic_category().message(r.error) == own; });
  return known == table.end() ? as_written(own) : system_words(known->error);
}

}  // namespace changtong
