package kaspeer.wire;

import com.google.protobuf.UnsafeByteOperations;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import kaspeer.wire.proto.AddressesMessage;

/** Addresses, to and from the wire (protocol reference 2.2 and 2.3). */
public final class NetAddresses {
  private NetAddresses() {}

  public static kaspeer.wire.proto.NetAddress toWire(NetAddress address) {
    return kaspeer.wire.proto.NetAddress.newBuilder()
        .setIp(UnsafeByteOperations.unsafeWrap(address.ip().getAddress()))
        .setPort(address.port())
        .build();
  }

  public static AddressesMessage toWire(List<NetAddress> addresses) {
    AddressesMessage.Builder wire = AddressesMessage.newBuilder();
    for (NetAddress address : addresses) {
      wire.addAddressList(toWire(address));
    }
    return wire.build();
  }

  /**
   * @throws ConversionException if the IP has neither 4 nor 16 bytes or the port does not fit 16
   *     bits
   */
  public static NetAddress fromWire(kaspeer.wire.proto.NetAddress wire) throws ConversionException {
    int size = wire.getIp().size();
    if (size != 4 && size != 16) {
      throw ConversionException.length("ip", size);
    }
    int port = ConversionException.unsigned16("port", wire.getPort());
    try {
      return new NetAddress(InetAddress.getByAddress(wire.getIp().toByteArray()), port);
    } catch (UnknownHostException e) {
      // Thrown for other lengths only; were it ever thrown for another reason, the address is no
      // use either.
      throw ConversionException.length("ip", size);
    }
  }

  /**
   * @throws ConversionException if one of them does not convert: then all are refused
   */
  public static List<NetAddress> fromWire(AddressesMessage wire) throws ConversionException {
    List<NetAddress> addresses = new ArrayList<>(wire.getAddressListCount());
    for (kaspeer.wire.proto.NetAddress address : wire.getAddressListList()) {
      addresses.add(fromWire(address));
    }
    return addresses;
  }
}
