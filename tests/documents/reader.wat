;; Reads documents. Each part opens a contact of its own, named by the document and by where the part begins.
;; The state is where the next part must begin: one that does not follow the one before it traps.
(func $begin)

;; Eight digits of a number, to an address.
(func $digits (param $number i32) (param $at i32)
  (local $i i32) (local $digit i32)
  (loop $each
    (local.set $digit
      (i32.and
        (i32.shr_u (local.get $number) (i32.sub (i32.const 28) (i32.mul (local.get $i) (i32.const 4))))
        (i32.const 15)))
    (i32.store8 (i32.add (local.get $at) (local.get $i))
      (i32.add (local.get $digit)
        (select (i32.const 48) (i32.const 87) (i32.lt_u (local.get $digit) (i32.const 10)))))
    (local.set $i (i32.add (local.get $i) (i32.const 1)))
    (br_if $each (i32.lt_u (local.get $i) (i32.const 8)))))

;; Of a document the name stands at 8, its offset at 56, whether it is the last part at 64, its bytes at 68.
(func $decode (param $input i32) (param $result i32)
  (local $event i32) (local $id i32) (local $name_bytes i32) (local $offset i32)
  (if (i32.ne (i32.load8_u (local.get $input)) (i32.const IS_DOCUMENT)) (then (return)))
  (local.set $offset (i32.load offset=56 (local.get $input)))
  (if (i32.and
        (i32.ne (local.get $offset) (i32.const 0))
        (i32.ne (local.get $offset) (global.get $state)))
    (then (unreachable)))
  (global.set $state
    (select
      (i32.const 0)
      (i32.add (local.get $offset) (i32.load offset=72 (local.get $input)))
      (i32.load8_u offset=64 (local.get $input))))

  (local.set $name_bytes (i32.load offset=12 (local.get $input)))
  (local.set $id (call $alloc (i32.add (local.get $name_bytes) (i32.const 8)) (i32.const 1)))
  (memory.copy (local.get $id) (i32.load offset=8 (local.get $input)) (local.get $name_bytes))
  (call $digits (local.get $offset) (i32.add (local.get $id) (local.get $name_bytes)))
  (local.set $event (call $alloc (i32.const EVENT_BYTES) (i32.const 8)))
  (i32.store (local.get $event) (local.get $id))
  (i32.store offset=4 (local.get $event) (i32.add (local.get $name_bytes) (i32.const 8)))
  (i64.store offset=INTERACTION align=4 (local.get $event) (i64.load (local.get $event)))
  (i32.store8 offset=KIND (local.get $event) (i32.const 2))
  (i32.store offset=4 (local.get $result) (local.get $event))
  (i32.store offset=8 (local.get $result) (i32.const 1)))
