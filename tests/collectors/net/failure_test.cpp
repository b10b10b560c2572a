#include "collectors/net/failure.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace changtong::net {
namespace {

TEST(Failure, OurOwnErrorsAreNeverTheLines) {
  const std::pair<int, cause> own[] = {
      {EPERM, cause::own_permission},   {EACCES, cause::own_permission},     {EMFILE, cause::own_descriptors},
      {ENFILE, cause::own_descriptors}, {ENOBUFS, cause::own_buffers},       {ENOMEM, cause::own_buffers},
      {EAGAIN, cause::own_buffers},     {EADDRNOTAVAIL, cause::own_address}, {ENETDOWN, cause::own_interface},
      {EINVAL, cause::own_failure},     {EAFNOSUPPORT, cause::own_failure}};
  for (const auto& [error, why] : own)
    for (const stage where : {stage::call, stage::network})
      if (error != EACCES || where == stage::call)
        EXPECT_EQ(failure_of(error, where), (failure{outcome::not_measured, why})) << error;
}

TEST(Failure, UnreachableNetworkIsOursAtTheCallAndTheirsFromTheNetwork) {
  EXPECT_EQ(failure_of(ENETUNREACH, stage::call), (failure{outcome::not_measured, cause::own_route}));
  EXPECT_EQ(failure_of(ENETUNREACH, stage::network), (failure{outcome::bad, cause::net_unreachable_remote}));
}

TEST(Failure, ProhibitionIsOursAtTheCallAndARoutersWordFromTheNetwork) {
  EXPECT_EQ(failure_of(EACCES, stage::call), (failure{outcome::not_measured, cause::own_permission}));
  EXPECT_EQ(failure_of(EACCES, stage::network), (failure{outcome::bad, cause::admin_prohibited}));
  EXPECT_EQ(failure_of(EPERM, stage::network), (failure{outcome::not_measured, cause::own_permission}));
}

TEST(Failure, WhatTheOtherSideDidIsBad) {
  EXPECT_EQ(failure_of(EHOSTUNREACH, stage::call), (failure{outcome::bad, cause::host_unreachable}));
  EXPECT_EQ(failure_of(ECONNREFUSED, stage::network), (failure{outcome::bad, cause::refused}));
  EXPECT_EQ(failure_of(ECONNRESET, stage::network), (failure{outcome::bad, cause::reset}));
  EXPECT_EQ(failure_of(ETIMEDOUT, stage::network), (failure{outcome::bad, cause::timeout}));
}

TEST(Failure, NoErrorIsEverGoodAndOutcomeAgreesWithTheCausesClass) {
  for (int error = 0; error < 200; ++error) {
    const failure f = failure_of(error, stage::call);
    EXPECT_NE(f.what, outcome::good);
    EXPECT_EQ(class_of(f.why), f.what == outcome::bad ? cause_class::bad : cause_class::own) << error;
  }
}

}  // namespace
}  // namespace changtong::net
