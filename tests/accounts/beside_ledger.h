#pragma once
/** A folder for the files beside a ledger, gone at the end. */
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace changtong::accounts {

struct beside_ledger {
  explicit beside_ledger(const std::string& name)
      : folder(testing::TempDir() + "accounts_" + name + "_" + std::to_string(::getpid())) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  ~beside_ledger() { std::filesystem::remove_all(folder); }
  beside_ledger(const beside_ledger&) = delete;
  beside_ledger& operator=(const beside_ledger&) = delete;

  [[nodiscard]] std::string ledger() const { return folder + "/ledger.db"; }
  std::string folder;
};

}  // namespace changtong::accounts
