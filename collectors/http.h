#pragma once
#include "collectors/collector.h"
namespace changtong {
kind_entry http_kind();
}
