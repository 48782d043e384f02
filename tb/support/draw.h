// What random tests draw.
#pragma once

#include <rapidcheck.h>

#include <vector>

namespace vctoe::support {

/// Any value of a type.
template <class T>
T any() {
  return *rc::gen::arbitrary<T>();
}

template <class T>
T one_of(std::vector<T> values) {
  return *rc::gen::elementOf(values);
}

}  // namespace vctoe::support
