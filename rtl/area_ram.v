// How rtl/area.sh counts a memory: each port is one cell without contents, so that the longest path
// goes from a read port's address to its data, as in a RAM with asynchronous read, and not from what
// is written to what is read.
(* techmap_celltype = "$mem_v2" *)
module area_ram (RD_CLK, RD_EN, RD_ARST, RD_SRST, RD_ADDR, RD_DATA, WR_CLK, WR_EN, WR_ADDR, WR_DATA);
  parameter MEMID = "";
  parameter SIZE = 256;
  parameter OFFSET = 0;
  parameter ABITS = 8;
  parameter WIDTH = 8;
  parameter INIT = 1'bx;
  parameter RD_PORTS = 1;
  parameter RD_CLK_ENABLE = 1'b1;
  parameter RD_CLK_POLARITY = 1'b1;
  parameter RD_TRANSPARENCY_MASK = 1'b0;
  parameter RD_COLLISION_X_MASK = 1'b0;
  parameter RD_WIDE_CONTINUATION = 1'b0;
  parameter RD_CE_OVER_SRST = 1'b0;
  parameter RD_ARST_VALUE = 1'b0;
  parameter RD_SRST_VALUE = 1'b0;
  parameter RD_INIT_VALUE = 1'b0;
  parameter WR_PORTS = 1;
  parameter WR_CLK_ENABLE = 1'b1;
  parameter WR_CLK_POLARITY = 1'b1;
  parameter WR_PRIORITY_MASK = 1'b0;
  parameter WR_WIDE_CONTINUATION = 1'b0;

  input [RD_PORTS-1:0] RD_CLK, RD_EN, RD_ARST, RD_SRST;
  input [RD_PORTS*ABITS-1:0] RD_ADDR;
  output [RD_PORTS*WIDTH-1:0] RD_DATA;
  input [WR_PORTS-1:0] WR_CLK;
  input [WR_PORTS*WIDTH-1:0] WR_EN, WR_DATA;
  input [WR_PORTS*ABITS-1:0] WR_ADDR;

  genvar i;
  generate
    for (i = 0; i < RD_PORTS; i = i + 1) begin : gen_read
      area_ram_read #(.ABITS(ABITS), .WIDTH(WIDTH)) u_read (
          .A(RD_ADDR[i*ABITS+:ABITS]), .Y(RD_DATA[i*WIDTH+:WIDTH]));
    end
    for (i = 0; i < WR_PORTS; i = i + 1) begin : gen_write
      area_ram_write #(.ABITS(ABITS), .WIDTH(WIDTH)) u_write (
          .A(WR_ADDR[i*ABITS+:ABITS]), .D(WR_DATA[i*WIDTH+:WIDTH]), .E(WR_EN[i*WIDTH+:WIDTH]));
    end
  endgenerate
endmodule

(* blackbox *)
module area_ram_read #(parameter ABITS = 1, WIDTH = 1) (input [ABITS-1:0] A, output [WIDTH-1:0] Y);
endmodule

(* blackbox, keep *)
module area_ram_write #(parameter ABITS = 1, WIDTH = 1)
  (input [ABITS-1:0] A, input [WIDTH-1:0] D, E);
endmodule
