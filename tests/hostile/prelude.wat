  ;; What every guest shares: memory, the canonical ABI's allocator, and the contract's four
  ;; functions around two that each guest brings itself:
  ;;   $begin   runs at the start of each `handle` call;
  ;;   $decode  gets the address of one input and of its zeroed result (no events, no reply).
  ;; A result has 44 bytes; of an input that is a webhook the body stands at 32. Other sizes and
  ;; places, in capital letters, are put in by guests.rs, and so is the name: a plugin must call
  ;; itself as its manifest does.

  (memory (export "memory") 4)
  (global $heap (mut i32) (i32.const 4096))
  (data (i32.const 64) "0.1.0NowhereNAME")

  (func $alloc (param $size i32) (param $align i32) (result i32)
    (local $at i32)
    (local.set $at
      (i32.and
        (i32.add (global.get $heap) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (block $enough
      (br_if $enough
        (i32.le_u (global.get $heap) (i32.mul (memory.size) (i32.const 65536))))
      (br_if $enough
        (i32.ne
          (memory.grow
            (i32.add (i32.div_u (local.get $size) (i32.const 65536)) (i32.const 1)))
          (i32.const -1)))
      (unreachable))
    (memory.fill (local.get $at) (i32.const 0) (local.get $size))
    (local.get $at))

  ;; Grown lists are copied; this allocator takes nothing back before the call ends.
  (func (export "cabi_realloc")
    (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (call $alloc (local.get $size) (local.get $align)))
    (memory.copy (local.get $at) (local.get $old) (local.get $old_size))
    (local.get $at))

  (func $free_all (global.set $heap (i32.const 4096)))
  (func (export "cabi_post_tablica:channel/plugin@1.0.0#describe") (param i32) (call $free_all))
  (func (export "cabi_post_tablica:channel/plugin@1.0.0#init") (param i32) (call $free_all))
  (func (export "cabi_post_tablica:channel/plugin@1.0.0#handle") (param i32) (call $free_all))
  (func (export "cabi_post_tablica:channel/plugin@1.0.0#snapshot") (param i32) (call $free_all))

  (func (export "tablica:channel/plugin@1.0.0#describe") (result i32)
    (local $info i32)
    (local.set $info (call $alloc (i32.const 24) (i32.const 4)))
    (i32.store (local.get $info) (i32.const 76))
    (i32.store offset=4 (local.get $info) (i32.const NAME_BYTES))
    (i32.store offset=8 (local.get $info) (i32.const 64))
    (i32.store offset=12 (local.get $info) (i32.const 5))
    (i32.store offset=16 (local.get $info) (i32.const 69))
    (i32.store offset=20 (local.get $info) (i32.const 7))
    (local.get $info))

  ;; The snapshot begins with the four bytes of $state, and there is none while that is zero.
  (global $state (mut i32) (i32.const 0))
  (global $snapshot_bytes (mut i32) (i32.const 4))

  (func (export "tablica:channel/plugin@1.0.0#init")
    (param $setup i32) (result i32)
    (if (i32.load8_u offset=8 (local.get $setup))
      (then (global.set $state (i32.load (i32.load offset=12 (local.get $setup))))))
    (call $alloc (i32.const 44) (i32.const 4)))

  (func (export "tablica:channel/plugin@1.0.0#snapshot") (result i32)
    (local $some i32)
    (local.set $some
      (call $alloc (i32.add (i32.const 12) (global.get $snapshot_bytes)) (i32.const 4)))
    (i32.store8 (local.get $some) (i32.const 1))
    (i32.store offset=4 (local.get $some) (i32.add (local.get $some) (i32.const 12)))
    (i32.store offset=12 (local.get $some) (global.get $state))
    (if (global.get $state)
      (then (i32.store offset=8 (local.get $some) (global.get $snapshot_bytes))))
    (local.get $some))

  (func (export "tablica:channel/plugin@1.0.0#handle")
    (param $now i64) (param $inputs i32) (param $count i32) (result i32)
    (local $list i32) (local $i i32)
    (call $begin)
    (local.set $list (call $alloc (i32.const 8) (i32.const 4)))
    (i32.store (local.get $list)
      (call $alloc (i32.mul (local.get $count) (i32.const 44)) (i32.const 4)))
    (i32.store offset=4 (local.get $list) (local.get $count))
    (loop $each
      (if (i32.lt_u (local.get $i) (local.get $count))
        (then
          (call $decode
            (i32.add (local.get $inputs) (i32.mul (local.get $i) (i32.const INPUT_BYTES)))
            (i32.add (i32.load (local.get $list)) (i32.mul (local.get $i) (i32.const 44))))
          (local.set $i (i32.add (local.get $i) (i32.const 1)))
          (br $each))))
    (local.get $list))

  ;; Whether a webhook's body begins with "x": the sign for a guest to misbehave.
  (func $is_poison (param $input i32) (result i32)
    (i32.and
      (i32.ne (i32.load offset=36 (local.get $input)) (i32.const 0))
      (i32.eq (i32.load8_u (i32.load offset=32 (local.get $input))) (i32.const 120))))

  ;; One `queued` event whose id and interaction are the body of the webhook.
  (func $queued (param $input i32) (param $result i32)
    (local $event i32)
    (local.set $event (call $alloc (i32.const EVENT_BYTES) (i32.const 8)))
    (i64.store (local.get $event) (i64.load offset=32 align=4 (local.get $input)))
    (i64.store offset=INTERACTION align=4 (local.get $event) (i64.load offset=32 align=4 (local.get $input)))
    (i32.store8 offset=KIND (local.get $event) (i32.const 2))
    (i32.store offset=4 (local.get $result) (local.get $event))
    (i32.store offset=8 (local.get $result) (i32.const 1)))
