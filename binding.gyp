# The native part: `launch` (starts Node), `tsip.node` (system calls for Node) and `nsexec` (runs a plan after Node is
# gone). nsexec is linked statically where the C library allows it: it starts in half the time and stays smaller.
# launch has no C library on the common machines, see launch-system.h.
{
  'target_defaults': {
    'cflags': ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-fvisibility=hidden'],
    'defines': ['_GNU_SOURCE'],
  },
  'targets': [
    {
      'target_name': 'tsip',
      'sources': ['src/native/addon.c', 'src/native/addon-start.c'],
      'defines': ['NAPI_VERSION=8'],
    },
    {
      'target_name': 'launch',
      'type': 'executable',
      'product_extension': '',
      'sources': ['src/native/launch.c'],
      'include_dirs!': ['<(node_root_dir)/include/node'],
      'cflags!': ['-fPIC', '-pthread', '-O3'],
      'cflags': ['-Os', '-fno-pie'],
      'ldflags!': ['-pthread', '-rdynamic'],
      'ldflags': ['-no-pie', '-s'],
      'conditions': [
        ['target_arch in "x64 arm64"', {
          'defines': ['LAUNCH_WITHOUT_LIBRARY'],
          # The compiler must not call functions of the C library of its own accord.
          'cflags': ['-ffreestanding', '-fno-stack-protector', '-fno-tree-loop-distribute-patterns'],
          'ldflags': ['-static', '-nostdlib', '-nostartfiles', '-Wl,-z,noseparate-code', '-Wl,--build-id=none'],
        }],
      ],
    },
    {
      'target_name': 'nsexec',
      'type': 'executable',
      'product_extension': '',
      'sources': [
        'src/native/nsexec.c',
        'src/native/nsexec-files.c',
        'src/native/nsexec-identity.c',
        'src/native/nsexec-namespaces.c',
        'src/native/nsexec-operations.c',
        'src/native/nsexec-processes.c',
        'src/native/nsexec-programs.c',
      ],
      'include_dirs!': ['<(node_root_dir)/include/node'],
      'cflags!': ['-fPIC', '-pthread', '-O3'],
      'cflags': ['-Os', '-fno-pie', '-ffunction-sections', '-fdata-sections'],
      'ldflags!': ['-pthread', '-rdynamic'],
      'ldflags': ['-no-pie', '-s', '-Wl,--gc-sections', '<!(sh src/native/static-flag.sh)'],
    },
  ],
}
