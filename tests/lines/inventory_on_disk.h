#pragma once
/** A configuration with its inventory in a folder of its own, and a desk over them. */
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "collectors/registry.h"
#include "daemon/lines/desk.h"

namespace changtong::lines {

inline const std::string two_lines =
    "# 手工维护\n编号,名称,类别,地址,电路编号\nT01,城关镇,乡镇街,10.1.1.1,CT-1\nV01,北街,村/社区,10.1.1.2,\n";

struct inventory_folder {
  inventory_folder() {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    write("changtong.yaml", "ledger: ledger.db\ninventory: lines.csv\n");
    write("lines.csv", two_lines);
  }
  ~inventory_folder() { std::filesystem::remove_all(folder); }
  inventory_folder(const inventory_folder&) = delete;
  inventory_folder& operator=(const inventory_folder&) = delete;

  void write(const std::string& name, const std::string& text) const { std::ofstream(folder + "/" + name) << text; }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(folder + "/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  [[nodiscard]] std::string lines() const { return read("lines.csv"); }
  /** Files besides the configuration and the inventory. */
  [[nodiscard]] std::vector<std::string> others() const {
    std::vector<std::string> all;
    for (const auto& f : std::filesystem::directory_iterator(folder))
      if (f.path().filename() != "changtong.yaml" && f.path().filename() != "lines.csv")
        all.push_back(f.path().filename().string());
    return all;
  }

  std::string folder = testing::TempDir() + "inventory_" + std::to_string(::getpid());
  std::string reloaded_by;
  bool refuses = false;  ///< the daemon takes no configuration
  desk table{{.config = folder + "/changtong.yaml",
              .disk = plain_surroundings(kinds()),
              .reload = [this](std::string_view by) -> result<phrase> {
                reloaded_by = by;
                if (refuses) return said({"端口被占用", "the port is taken"});
                return phrase{"专线有变", "lines changed"};
              }}};
};

}  // namespace changtong::lines
