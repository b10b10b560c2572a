# What is said of an option that cannot be, and what is read of a password: sourced by the scripts here.
# shellcheck shell=bash

wrong() { echo "$1" >&2; exit 2; }

is_time() { [[ $1 =~ ^[1-9][0-9]{0,5}(ms|s|m|h)$ ]]; }
is_long_time() { [[ $1 =~ ^[1-9][0-9]{0,5}[hdwy]$ ]]; }

# Whether what stands before the port, or before the path of an address, is this machine alone.
is_loopback() { [[ $1 =~ ^(127\.[0-9.]+|localhost|\[::1\])([:/]|$) ]]; }

# The password in file $1, without the end of line that an editor has put there: one side would send it, the other cut it.
password_in() {
  local text
  text=$(tr -d '\0' <"$1")
  while [[ $text == *[$'\r\n'] ]]; do text=${text%?}; done
  printf '%s' "$text"
}

# Ends with a sentence unless user $1 and password $2, of file $3, are what HTTP and the files that are written here can carry.
must_be_login() {
  local spoils='[[:cntrl:]"\\$`]'
  if [[ -z $2 ]]; then wrong "密码文件是空的 the password file is empty: $3"; fi
  if [[ $1 == *:* ]]; then wrong "用户名不能含冒号（HTTP 以它分开用户名和密码） no colon in a user's name: $1"; fi
  if [[ $1 =~ $spoils || $2 =~ $spoils ]]; then
    wrong '用户名和密码各为一行，不能含双引号、反斜杠、美元号、反引号 one line each, without quotes, backslashes, dollars, backticks'
  fi
  if [[ $2 =~ ^[[:space:]] || $2 =~ [[:space:]]$ ]]; then
    wrong '密码不能以空格开头或结尾（Prometheus 会去掉） no blanks around a password: Prometheus cuts them'
  fi
}
