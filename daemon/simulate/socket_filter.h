#pragma once
/** Socket filters (classic BPF) that make a listening TCP port lose packets; they need no privilege. */
#include <cstdint>
#include <span>

namespace changtong::simulate {

/** More addresses than a filter's 4,096 instructions hold are left out. */
inline constexpr std::size_t most_filtered = 2000;

/** Every packet is lost with this chance. False: the kernel refused. */
bool lose_share(int socket, double share);
/** Every packet to these addresses (IPv4, host order) is lost. Replaces the filter before it at one instant. */
bool lose_addresses(int socket, std::span<const std::uint32_t> addresses);
void lose_nothing(int socket);

}  // namespace changtong::simulate
