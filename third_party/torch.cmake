# LibTorch -> TORCH_LIBRARIES: Debian's 1.13, or an official 2.x (CPU or CUDA) in a folder that CMAKE_PREFIX_PATH names.
# Its compile flags (the string ABI) come with the imported target `torch`.

find_path(OMBRA_TORCH_CMAKE TorchConfig.cmake HINTS ${CMAKE_PREFIX_PATH} ENV CMAKE_PREFIX_PATH
  PATH_SUFFIXES share/cmake/Torch Torch NO_DEFAULT_PATH)
get_filename_component(torch_prefix "${OMBRA_TORCH_CMAKE}/../../.." ABSOLUTE)

if(OMBRA_TORCH_CMAKE AND EXISTS ${torch_prefix}/lib/libtorch_cuda.so)
  # The TorchConfig.cmake of a CUDA build enables the CUDA language and stops without nvcc and the whole CUDA toolkit of
  # its own version. Ombra compiles no CUDA code, so the libraries are linked as they are and the driver is enough:
  # with CUDA, or only their CPU half where OMBRA_CUDA is OFF.
  message(STATUS "LibTorch with CUDA in ${torch_prefix} (OMBRA_CUDA=${OMBRA_CUDA})")
  set(torch_parts torch_cpu c10)
  if(OMBRA_CUDA)
    list(APPEND torch_parts torch torch_cuda c10_cuda)
  endif()
  list(TRANSFORM torch_parts REPLACE "(.+)" "${torch_prefix}/lib/lib\\1.so")
  add_library(torch INTERFACE IMPORTED GLOBAL)
  target_include_directories(torch INTERFACE ${torch_prefix}/include ${torch_prefix}/include/torch/csrc/api/include)
  # torch_cuda registers itself when it is loaded and is called by nobody: keep it. What it needs in turn (cuBLAS, ...)
  # it finds at run time by its own path.
  target_link_libraries(torch INTERFACE -Wl,--push-state,--no-as-needed ${torch_parts} -Wl,--pop-state)
  target_link_options(torch INTERFACE -Wl,--allow-shlib-undefined)
  file(STRINGS ${OMBRA_TORCH_CMAKE}/TorchConfig.cmake abi REGEX "_GLIBCXX_USE_CXX11_ABI=[01]")
  string(REGEX MATCH "-D_GLIBCXX_USE_CXX11_ABI=[01]" abi "${abi}")
  target_compile_options(torch INTERFACE ${abi})
  set(TORCH_LIBRARIES torch)
else()
  find_package(Torch QUIET)
  if(NOT Torch_FOUND)
    message(FATAL_ERROR "LibTorch not found. hint: sudo apt-get install libtorch-dev, or give the folder of an \
official one: CMAKE_PREFIX_PATH=DIR ./ombra")
  endif()
endif()

# LibTorch's old downloads use the string type of before C++11, with which no Debian library can be linked.
get_target_property(abi torch INTERFACE_COMPILE_OPTIONS)
if(abi MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
  message(FATAL_ERROR "The LibTorch in ${torch_prefix} was built with the old C++ string type. \
hint: take the download called 'cxx11 ABI', or any LibTorch from 2.7 on")
endif()
