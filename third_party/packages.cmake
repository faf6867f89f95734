# Every third-party package, found in one place; nothing is downloaded. third_party/README.md says why each is here,
# third_party/packages.txt names the Debian packages (the test `packages` holds the two together).
find_package(PkgConfig REQUIRED)

function(ombra_missing what package)
  message(FATAL_ERROR "${what} not found. hint: sudo apt-get install ${package}, or run ./ombra, which does it for you")
endfunction()

# ombra_need(NAME PACKAGE MODULES...): pkg-config modules -> imported target PkgConfig::NAME
function(ombra_need name package)
  pkg_check_modules(${name} QUIET IMPORTED_TARGET GLOBAL ${ARGN})
  if(NOT ${name}_FOUND)
    ombra_missing("${ARGN}" ${package})
  endif()
endfunction()

# ombra_find(NAME PACKAGE): a package that brings its own CMake files
macro(ombra_find name package)
  find_package(${name} QUIET)
  if(NOT ${name}_FOUND)
    ombra_missing(${name} ${package})
  endif()
endmacro()

include(third_party/torch.cmake)
find_package(Threads REQUIRED)
ombra_find(fmt libfmt-dev)
ombra_find(spdlog libspdlog-dev)
ombra_find(nlohmann_json nlohmann-json3-dev)
ombra_find(CLI11 libcli11-dev)
ombra_find(glm libglm-dev)
ombra_find(AbletonLink ableton-link-dev)
ombra_need(tomlpp libtomlplusplus-dev tomlplusplus)
ombra_need(sdl2 libsdl2-dev sdl2)
ombra_need(epoxy libepoxy-dev epoxy)
ombra_need(portaudio portaudio19-dev portaudio-2.0)
ombra_need(rtmidi librtmidi-dev rtmidi)
ombra_need(pulse libpulse-dev libpulse)
ombra_need(kissfft libkissfft-dev kissfft-float)
ombra_need(aubio libaubio-dev aubio)
ombra_need(ffmpeg libavformat-dev libavformat libavcodec libavutil libswscale libswresample)
ombra_need(stb libstb-dev stb)
ombra_need(imgui libimgui-dev imgui)
ombra_need(hdf5 libhdf5-dev hdf5-serial)
