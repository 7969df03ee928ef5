// What a build with sanitizers cannot do: their runtimes take memory and signals for themselves.
#pragma once

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RBLNC_ADDRESS_SANITIZER
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define RBLNC_ADDRESS_SANITIZER
#endif

namespace rblnc {

#ifdef RBLNC_ADDRESS_SANITIZER
constexpr bool isAddressSanitized = true;
#undef RBLNC_ADDRESS_SANITIZER
#else
constexpr bool isAddressSanitized = false;
#endif

} // namespace rblnc
